"""Durable ingest over HTTP: ours, ours with the loader running, and the peer, in turns."""

import time
from dataclasses import dataclass
from statistics import median

import psycopg

from tests.benchmarks import installs, processes
from tests.benchmarks.errors import LostEventsError
from tests.benchmarks.generator import Job, Outcome
from tests.benchmarks.installs import Install, Peer
from tests.benchmarks.report import Report, at_least

CLIENTS = 64
GOALS = {1: 1.3, 100: 2.0}  # times the peer's events a second
DRAIN_SECONDS = 300.0


@dataclass(frozen=True)
class Sizes:
    """Posts for each number of events a post."""

    posts: dict[int, int]
    runs: int


def run(sizes: Sizes, report: Report) -> None:
    """Measure and report; LostEventsError if a run did not store everything."""
    with installs.install() as ours, installs.peer() as peer:
        for events_a_post, posts in sizes.posts.items():
            speeds: dict[str, list[Outcome]] = {"peer": [], "ours": [], "ours, loading": []}
            for _ in range(sizes.runs):
                speeds["peer"].append(_run_peer(peer, posts, events_a_post, report))
                speeds["ours"].append(_run_ours(ours, posts, events_a_post, report))
                speeds["ours, loading"].append(_run_loading(ours, posts, events_a_post, report))
            _tell(report, events_a_post, posts, speeds)


def _run_peer(peer: Peer, posts: int, events_a_post: int, report: Report) -> Outcome:
    with peer.server() as server:
        job = Job(server.port, "peer-token", CLIENTS, "/events", posts, events_a_post)
        outcome = processes.generate(job)
    _check(outcome, posts)
    _check_count("the peer's rows", _empty_peer(peer), posts * events_a_post)
    report.note(f"peer, {events_a_post} a post: {_speed(outcome, events_a_post):,.0f} events/s")
    return outcome


def _run_ours(ours: Install, posts: int, events_a_post: int, report: Report) -> Outcome:
    outcome = _send(ours, posts, events_a_post)
    stored = installs.count(ours.url, "select sum(event_count) from journal.requests")
    _check_count("our journal", stored, posts * events_a_post)
    with psycopg.connect(ours.url) as connection:
        connection.execute("truncate journal.requests")
    report.note(f"ours, {events_a_post} a post: {_speed(outcome, events_a_post):,.0f} events/s")
    return outcome


def _run_loading(ours: Install, posts: int, events_a_post: int, report: Report) -> Outcome:
    before = ours.query("select count(*) from lake.raw.events")
    with ours.service("loader") as loader:
        outcome = _send(ours, posts, events_a_post)
        deadline = time.monotonic() + DRAIN_SECONDS
        while installs.count(ours.url, "select count(*) from journal.requests"):
            loader.check()
            if time.monotonic() > deadline:
                raise LostEventsError("the loader did not empty the journal")
            time.sleep(0.2)
    stored = ours.query("select count(*) from lake.raw.events") - before
    _check_count("our lake", stored, posts * events_a_post)
    report.note(
        f"ours, loading, {events_a_post} a post: {_speed(outcome, events_a_post):,.0f} events/s"
    )
    return outcome


def _send(ours: Install, posts: int, events_a_post: int) -> Outcome:
    credentials = ours.client("Benchmark")
    with ours.server() as server:
        token = installs.fetch_token(server, credentials)
        outcome = processes.generate(
            Job(server.port, token, CLIENTS, "/events/1.0/", posts, events_a_post)
        )
    _check(outcome, posts)
    return outcome


def _empty_peer(peer: Peer) -> int:
    """How many rows the peer holds; they are gone afterwards."""
    count = installs.count(peer.url, "select count(*) from events")
    with psycopg.connect(peer.url) as connection:
        connection.execute("truncate events")
    return count


def _check(outcome: Outcome, posts: int) -> None:
    accepted = sum(count for status, count in outcome.statuses.items() if status // 100 == 2)
    if accepted != posts:
        raise LostEventsError(f"{posts} posts, answered {outcome.statuses}")


def _check_count(place: str, stored: int, sent: int) -> None:
    if stored != sent:
        raise LostEventsError(f"{sent:,} events sent, {stored:,} in {place}")


def _speed(outcome: Outcome, events_a_post: int) -> float:
    return outcome.speed * events_a_post


def _tell(report: Report, events_a_post: int, posts: int, speeds: dict[str, list[Outcome]]) -> None:
    baseline = median(_speed(outcome, events_a_post) for outcome in speeds["peer"])
    for name, outcomes in speeds.items():
        speed = median(_speed(outcome, events_a_post) for outcome in outcomes)
        goals = [at_least(GOALS[events_a_post], "×", speed / baseline)] if name == "ours" else []
        report.row(
            f"ingest, {events_a_post} a post: {name}",
            f"{speed:,.0f} events/s",
            f"p50 {1000 * median(o.percentile(0.5) for o in outcomes):.1f} ms,"
            f" p99 {1000 * median(o.percentile(0.99) for o in outcomes):.1f} ms,"
            f" {posts:,} posts, generator at"
            f" {median(o.processor_seconds / o.seconds for o in outcomes):.0%} of a core",
            ratio=speed / baseline,
            goals=goals,
        )
