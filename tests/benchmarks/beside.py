"""Ingest and reads beside builds that never pause, against the same without builds.

The loader runs and a school's events trickle in both times, so that builds alone make the
difference, and always have something new to build. The two take turns.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median

from tests.benchmarks import installs, processes, published
from tests.benchmarks.errors import LostEventsError
from tests.benchmarks.generator import Job, Outcome
from tests.benchmarks.installs import Install
from tests.benchmarks.processes import Running
from tests.benchmarks.report import Report, at_least, at_most
from tests.benchmarks.school import open_school
from tests.benchmarks.stream import flowing

CLIENTS = {"ingest": 64, "reads": 16}
EVENTS_A_POST = 100
TRICKLE = 100  # events a second
LEAST_SHARE = 0.8  # of what is answered a second without builds
MOST_SLOWER = 1.2  # times the median latency without builds
DRAIN_SECONDS = 600.0


@dataclass
class Turns:
    """What came back without builds and beside them, and how long those builds took."""

    alone: list[Outcome] = field(default_factory=list)
    beside: list[Outcome] = field(default_factory=list)
    builds: list[float] = field(default_factory=list)

    @property
    def share(self) -> float:
        """What is answered a second beside builds, of what is without."""
        return _speed(self.beside) / _speed(self.alone)

    @property
    def slower(self) -> float:
        """The median latency beside builds, in times of that without."""
        return _latency(self.beside, 0.5) / _latency(self.alone, 0.5)


def run(events: int, posts: int, seconds: float, runs: int, report: Report) -> None:
    """Measure and report: so many posts a run, and reads for about so many seconds a run."""
    with installs.install() as ours:
        school = open_school(ours, events)
        with (
            ours.api() as server,
            ours.service("loader") as loader,
            flowing(school, server, TRICKLE) as trickle,
        ):
            token = installs.fetch_token(server, ours.client("Benchmark"))
            ingest = Job(
                server.port, token, CLIENTS["ingest"], "/events/1.0/", posts, EVENTS_A_POST
            )
            ingested = _take_turns(ours, loader, ingest, runs, report)
            credentials = next(iter(school.partners.values()))
            token = installs.fetch_token(server, credentials)
            students = [student.person.user_id for student in school.plan.roster.students]
            paths = [f"/xp/1.0/users/{user}/entries?limit=50" for user in students]
            reads = Job(server.port, token, CLIENTS["reads"], paths=paths, requests=len(paths))
            reads.requests = max(100, int(seconds * processes.generate(reads).speed))
            read = _take_turns(ours, loader, reads, runs, report)
        _drain(ours)
        held = ours.query("select count(*) from lake.raw.events")
    sent = school.event_count + trickle.sent + 2 * runs * posts * EVENTS_A_POST
    if held != sent:
        raise LostEventsError(f"{sent:,} events sent, {held:,} in the lake")
    _tell(report, f"ingest, {CLIENTS['ingest']} clients, {EVENTS_A_POST} a post", ingested)
    _tell(report, f"reads of XP entries, {CLIENTS['reads']} clients", read)


def _take_turns(ours: Install, loader: Running, job: Job, runs: int, report: Report) -> Turns:
    """Play the job without builds and beside them, and again."""
    turns = Turns()
    for _ in range(runs):
        for outcomes, builds in ((turns.alone, nullcontext()), (turns.beside, _building(ours))):
            with builds:
                began = datetime.now(UTC)
                outcomes.append(outcome := processes.generate(job))
                if any(status // 100 != 2 for status in outcome.statuses):
                    raise LostEventsError(f"answered {outcome.statuses}")
                built = [build.seconds for build in published.since(ours, began)]
            turns.builds += built
            loader.check()
            _drain(ours)
            report.note(f"{outcome.speed:,.0f} requests/s, {len(built)} builds meanwhile")
    return turns


@contextmanager
def _building(ours: Install) -> Iterator[None]:
    """Builds one after another; the block begins once they have caught up."""
    began = datetime.now(UTC)
    with ours.service("builds", TIMEBACK_BUILD_INTERVAL_SECONDS="0") as builds:
        caught_up = published.wait(ours, builds, began)
        published.wait(ours, builds, caught_up.finished_at)
        yield


def _drain(ours: Install) -> None:
    """Wait until the loader has little left; LostEventsError if it does not keep up."""
    deadline = time.monotonic() + DRAIN_SECONDS
    waiting = "select sum(event_count) from journal.requests"
    while installs.count(ours.url, waiting) > 10 * TRICKLE:
        if time.monotonic() > deadline:
            raise LostEventsError("the loader did not empty the journal")
        time.sleep(0.2)


def _speed(outcomes: list[Outcome]) -> float:
    return median(outcome.speed for outcome in outcomes)


def _latency(outcomes: list[Outcome], share: float) -> float:
    return median(outcome.percentile(share) for outcome in outcomes)


def _tell(report: Report, name: str, turns: Turns) -> None:
    for outcomes, label in ((turns.alone, name), (turns.beside, "the same beside builds")):
        p50, p95 = (1000 * _latency(outcomes, share) for share in (0.5, 0.95))
        is_beside = outcomes is turns.beside
        builds = f", {len(turns.builds)} builds" if is_beside else ""
        if is_beside and turns.builds:
            builds += f" of {median(turns.builds):.1f} s"
        report.row(
            label,
            f"{_speed(outcomes):,.0f} requests/s",
            f"p50 {p50:.1f} ms, p95 {p95:.1f} ms{builds}",
            ratio=turns.share if is_beside else None,
            goals=[at_least(LEAST_SHARE, "×", turns.share)] if is_beside else [],
        )
    report.row(
        "their median latency beside builds",
        f"{1000 * _latency(turns.beside, 0.5):.1f} ms",
        "",
        ratio=turns.slower,
        goals=[at_most(MOST_SLOWER, "×", turns.slower)],
    )
