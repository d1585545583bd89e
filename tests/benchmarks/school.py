"""A school with history in our warehouse: records over HTTP, events straight into the journal."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, islice

import msgspec

from core.simulation import Credentials, SimulationPlan, caliper, write_records
from core.simulation.timeline import Delivery, Timeline
from tests.benchmarks import journal, loading
from tests.benchmarks.installs import Install

MOST_DAYS = 21
FEWEST_STUDENTS = 20
EVENTS_A_DAY = 130  # of one student, about
EVENTS_A_POST = 100
QUIET = 1.4  # ask for so much more where a size must be reached: weekends are quiet
REFUSED = {"no_lesson", "text_score"}
FRIDAY = 5
HELD_BACK = timedelta(hours=12)  # events of these last hours are there to be new


@dataclass
class School:
    """The simulated school and what it has not sent yet."""

    ours: Install
    plan: SimulationPlan
    partners: dict[str, Credentials]
    to_come: Iterator[Delivery]
    event_count: int = 0

    def deliveries(self) -> Iterator[Delivery]:
        """Everything that its apps send and the door takes, from the first day on."""
        return (d for d in Timeline(self.plan).deliveries() if d.moment.flaw not in REFUSED)

    def send(self, deliveries: Iterator[Delivery]) -> None:
        """Put deliveries into the journal and load them."""
        self.event_count += journal.fill(self.ours.url, self._requests(deliveries))
        loading.drain(self.ours)

    def send_next(self, count: int) -> None:
        """Send so many more events."""
        self.send(islice(self.to_come, count))

    def _requests(self, deliveries: Iterator[Delivery]) -> Iterator[journal.Request]:
        waiting: dict[str, list[Delivery]] = defaultdict(list)
        for delivery in deliveries:
            batch = waiting[delivery.app.key]
            batch.append(delivery)
            if len(batch) == EVENTS_A_POST:
                yield self._request(waiting.pop(delivery.app.key))
        for batch in waiting.values():
            yield self._request(batch)

    def _request(self, batch: list[Delivery]) -> journal.Request:
        events = [caliper.event(delivery.moment) for delivery in batch]
        envelope = caliper.envelope(batch[0].app.home, batch[-1].at, events)
        client_id = self.partners[batch[0].app.key].client_id
        return client_id, len(batch), msgspec.json.encode(envelope)


def open_school(
    ours: Install, events: int, *, most_days: int = MOST_DAYS, now: datetime | None = None
) -> School:
    """A school with about so many events before `now`, all loaded.

    Every one of them passes the door. Schools of the same size and `now` are the same school.
    """
    now = now or datetime.now(UTC)
    students = max(FEWEST_STUDENTS, events // (most_days * EVENTS_A_DAY))
    days = min(most_days, max(2, events // (students * EVENTS_A_DAY)))
    plan = SimulationPlan(students=students, days=days, today=now.date())
    partners = {app.key: ours.client(app.name) for app in plan.apps}
    admin = ours.client("Roster", "admin")
    with ours.server() as server:
        write_records(server.url, admin, list(partners.values()), plan, lambda *_: None)
    past: list[Delivery] = []
    school = School(ours, plan, partners, iter(()))
    every = school.deliveries()
    school.send(_until(every, now - HELD_BACK, past))
    school.to_come = chain(past, every)
    return school


def last_evening() -> datetime:
    """The midnight (UTC) after the last whole school day: what is held back has all happened."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    while (midnight - timedelta(days=1)).isoweekday() > FRIDAY:
        midnight -= timedelta(days=1)
    return midnight


def _until(
    deliveries: Iterator[Delivery], cut: datetime, first_after: list[Delivery]
) -> Iterator[Delivery]:
    """Deliveries up to `cut`; the first one after it goes to `first_after`."""
    for delivery in deliveries:
        if delivery.at > cut:
            first_after.append(delivery)
            return
        yield delivery
