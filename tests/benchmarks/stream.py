"""A school's events as they happen: so many a second over HTTP, beside what is measured."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID, uuid4, uuid5

from core.simulation.client import ApiClient
from core.simulation.moments import Moment
from core.simulation.sender import Sender
from core.simulation.timeline import Delivery
from tests.benchmarks.processes import Server
from tests.benchmarks.school import School

TICK_SECONDS = 0.1
OWN_ATTEMPTS = 1_000  # more than a student makes at one lesson in the simulation


@dataclass
class Stream:
    """Plays the school's days once more from the first, each event as if it happened just now."""

    school: School
    server: Server
    events_a_second: int
    mark: UUID = field(default_factory=uuid4)  # makes sessions of its own
    sent: int = 0
    seconds: float = 0.0

    @property
    def speed(self) -> float:
        """Events a second that were answered."""
        return self.sent / self.seconds

    def send(self, stop: threading.Event) -> None:
        """Send at an even pace until `stop`; SimulationError if the API refuses."""
        with ExitStack() as stack:
            clients = {
                key: stack.enter_context(closing(ApiClient(self.server.url, credentials)))
                for key, credentials in self.school.partners.items()
            }
            sender = stack.enter_context(Sender(clients))
            deliveries = self.school.deliveries()
            started = time.monotonic()
            while not stop.wait(TICK_SECONDS):
                due = int((time.monotonic() - started) * self.events_a_second) - self.sent
                for _ in range(due):
                    moment = again(next(deliveries).moment, self.mark)
                    sender.add(Delivery(moment.at, 0, moment))
                sender.flush()
                self.sent += due
                self.seconds = time.monotonic() - started


@contextmanager
def flowing(school: School, server: Server, events_a_second: int) -> Iterator[Stream]:
    """A stream that flows until the block ends; what went wrong in it is raised there."""
    stream, stop = Stream(school, server, events_a_second), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(stream.send, stop)
        try:
            yield stream
        finally:
            stop.set()
        sending.result()


def again(moment: Moment, mark: UUID) -> Moment:
    """The same once more and now, in a session and an attempt of its own."""
    at = datetime.now(UTC)
    session_id = str(uuid5(mark, moment.sitting.session_id))
    attempt = moment.attempt and replace(
        moment.attempt, number=moment.attempt.number + OWN_ATTEMPTS, started_at=at
    )
    sitting = replace(moment.sitting, session_id=session_id, started_at=at)
    return replace(moment, at=at, sitting=sitting, attempt=attempt)
