"""Plays a simulation through the HTTP API: the records, the past, then the present as it passes."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, time
from itertools import groupby

from core.simulation.catalog_records import catalog_puts
from core.simulation.client import ApiClient, Credentials, SimulationError
from core.simulation.plan import SimulationPlan
from core.simulation.puts import Put
from core.simulation.roster_records import class_puts, membership_puts, people_puts
from core.simulation.sender import Sender
from core.simulation.timeline import Timeline

Progress = Callable[[int, int, str], None]
MOST_PUTS_AT_ONCE = 4
EVENTS_A_REPORT = 500


def play_history(
    api_url: str,
    admin: Credentials,
    partners: Sequence[Credentials],
    plan: SimulationPlan,
    progress: Progress,
    *,
    until: datetime | None = None,
    stop: threading.Event | None = None,
) -> datetime:
    """Write catalogs and roster, then send everything up to `until` (default: now).

    `progress` is called with (done, total, what is being done). Returns the moment up to which
    the simulation was played, from which `play_live` goes on. Playing it twice changes nothing.
    An API that is unavailable is waited for: for a minute, or if `stop` is given until that is set.
    """
    until = until or datetime.now(UTC)
    write_records(api_url, admin, partners, plan, progress, stop=stop)
    begin = datetime.combine(plan.first_on, time(), UTC)
    total = max(1, round((until - begin).total_seconds()))
    with _clients(api_url, plan, partners, stop) as clients, Sender(clients) as sender:
        for number, delivery in enumerate(Timeline(plan).deliveries()):
            if delivery.at > until:
                break
            sender.add(delivery)
            if number % EVENTS_A_REPORT == 0:
                done = max(0, round((delivery.at - begin).total_seconds()))
                progress(done, total, f"Events ({number:,} sent)")
        sender.flush()
        sent = sender.accepted + sender.rejected
        progress(total, total, f"Events ({sent:,} sent)")
        for app in plan.apps:  # late: what students did there heals
            for put in catalog_puts(app, held_back=True):
                clients[app.key].put(put.path, put.body)
    return until


def play_live(
    api_url: str,
    partners: Sequence[Credentials],
    plan: SimulationPlan,
    stop: threading.Event,
    *,
    since: datetime,
    on_played: Callable[[datetime], None] = lambda _: None,
) -> None:
    """Send what happens after `since`, as it happens, until `stop` is set.

    What was missed between `since` and now is caught up first. `on_played` hears how far it got.
    """
    with _clients(api_url, plan, partners, stop) as clients, Sender(clients) as sender:
        for delivery in Timeline(plan).deliveries():
            if delivery.at <= since:
                continue
            pause = (delivery.at - datetime.now(UTC)).total_seconds()
            if pause > 0:
                try:
                    sender.flush()
                except SimulationError:
                    if stop.is_set():
                        return
                    raise
                on_played(datetime.now(UTC))
                stop.wait(pause)
            if stop.is_set():
                return
            sender.add(delivery)


def write_records(
    api_url: str,
    admin: Credentials,
    partners: Sequence[Credentials],
    plan: SimulationPlan,
    progress: Progress,
    *,
    stop: threading.Event | None = None,
) -> None:
    """Put orgs, people, catalogs, classes and enrollments; safe to repeat."""
    patience = _patience_seconds(stop)
    with (
        _clients(api_url, plan, partners, stop) as clients,
        closing(ApiClient(api_url, admin, patience_seconds=patience, stop=stop)) as alpha,
    ):
        work: list[tuple[ApiClient, list[Put]]] = [
            (alpha, list(people_puts(plan.roster, plan.first_on)))
        ]
        work += [(clients[app.key], list(catalog_puts(app, held_back=False))) for app in plan.apps]
        work.append((alpha, list(class_puts(plan.roster, plan.apps))))
        work.append((alpha, list(membership_puts(plan.roster, plan.apps, plan.first_on))))
        total = sum(len(puts) for _, puts in work)
        done = 0
        for client, puts in work:
            for _ in _put_all(client, puts):
                done += 1
                progress(done, total, "Schools, people and catalogs")


def _put_all(client: ApiClient, puts: Iterable[Put]) -> Iterator[None]:
    """Put each; a few at once within a collection, orgs one by one (they have parents)."""
    stages = ("orgs", "academicSessions", "users", "courses", "units", "lessons")
    ordered = sorted(
        puts, key=lambda put: stages.index(put.collection) if put.collection in stages else 99
    )
    with ThreadPoolExecutor(MOST_PUTS_AT_ONCE) as pool:
        for collection, group in groupby(ordered, key=lambda put: put.collection):
            if collection == "orgs":
                for put in group:
                    client.put(put.path, put.body)
                    yield
            else:
                for _ in pool.map(lambda put: client.put(put.path, put.body), group):
                    yield


def _patience_seconds(stop: threading.Event | None) -> float:
    """How long an API that is unavailable is waited for."""
    return 60.0 if stop is None else float("inf")


@contextmanager
def _clients(
    api_url: str,
    plan: SimulationPlan,
    partners: Sequence[Credentials],
    stop: threading.Event | None = None,
) -> Iterator[dict[str, ApiClient]]:
    """A client for each app, by app key; `partners` in the order of the plan's apps."""
    patience = _patience_seconds(stop)
    clients = {
        app.key: ApiClient(api_url, credentials, patience_seconds=patience, stop=stop)
        for app, credentials in zip(plan.apps, partners, strict=True)
    }
    try:
        yield clients
    finally:
        for client in clients.values():
            client.close()
