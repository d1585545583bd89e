"""From an event's post to the read-back of what it earned, while others' events stream in.

The processes are those that an operator runs. One student's awards are posted one by one, about
one a second; the student's XP entries are read until each is among them.
"""

import random
import time
from datetime import UTC, datetime
from statistics import median, quantiles
from uuid import uuid4

import httpx

from core.simulation import caliper
from core.simulation.client import ApiClient
from core.simulation.moments import Moment
from tests.benchmarks import installs, published
from tests.benchmarks.errors import LostEventsError
from tests.benchmarks.processes import Server
from tests.benchmarks.report import Report, at_least, at_most
from tests.benchmarks.school import QUIET, School, open_school
from tests.benchmarks.stream import again, flowing

SCHOOL_DAYS = 7  # few, so that many students are there to send
MOST_MEDIAN_SECONDS = 3.0
MOST_P95_SECONDS = 5.0
PAUSES = (0.5, 1.5)  # seconds between posts, so that they meet builds anywhere
POLL_SECONDS = 0.1
WARM_UP_SECONDS = 15.0
LONGEST_SECONDS = 300.0
LEAST_PACE = 0.95  # of the stream's events a second


def run(history: int, posts: int, events_a_second: int, report: Report) -> None:
    """Measure and report; LostEventsError if an award does not come back at all."""
    with installs.install() as ours:
        school = open_school(ours, int(QUIET * history), most_days=SCHOOL_DAYS)
        began = datetime.now(UTC)
        with ours.api() as server, ours.service("loader"), ours.service("builds") as builds:
            first = published.wait(ours, builds, began)
            report.note(f"past of {school.event_count:,} events built in {first.seconds:.0f} s")
            with flowing(school, server, events_a_second) as stream:
                time.sleep(WARM_UP_SECONDS)
                began = datetime.now(UTC)
                seconds = _measure(school, server, posts)
                built = [build.seconds for build in published.since(ours, began)]
    report.row(
        f"event to read-back, {posts} posts",
        f"p50 {median(seconds):.1f} s, p95 {(p95 := quantiles(seconds, n=20)[-1]):.1f} s",
        f"on {school.event_count:,} events of {school.plan.students} students",
        goals=[
            at_most(MOST_MEDIAN_SECONDS, "s", median(seconds)),
            at_most(MOST_P95_SECONDS, "s", p95),
        ],
    )
    report.row(
        "events that came in beside them",
        f"{stream.speed:,.0f} events/s",
        f"{len(built)} builds meanwhile" + (f" of {median(built):.1f} s" if built else ""),
        goals=[at_least(LEAST_PACE * events_a_second, "events/s", stream.speed)],
    )


def _measure(school: School, server: Server, posts: int) -> list[float]:
    """Seconds from each post, before it is sent, until a read shows its entry."""
    award = next(
        delivery.moment for delivery in school.deliveries() if delivery.moment.kind == "xp_earned"
    )
    credentials = school.partners[award.sitting.app.key]
    token = installs.fetch_token(server, credentials)
    path = f"/xp/1.0/users/{award.sitting.student.person.user_id}/entries?limit=100"
    dice, seconds = random.Random(posts), []
    posted_at: dict[str, float] = {}
    next_at = time.monotonic()
    partner = ApiClient(server.url, credentials)
    with httpx.Client(
        base_url=server.url, headers={"Authorization": f"Bearer {token}"}, timeout=60
    ) as reader:
        while posts or posted_at:
            if posts and time.monotonic() >= next_at:
                _post(partner, again(award, uuid4()), posted_at)
                posts -= 1
                next_at = time.monotonic() + dice.uniform(*PAUSES)
            entries = reader.get(path).raise_for_status().json()["entries"]
            came_at = time.monotonic()
            for entry in entries:
                if (sent_at := posted_at.pop(entry["sourceEventId"], None)) is not None:
                    seconds.append(came_at - sent_at)
            if posted_at and came_at - min(posted_at.values()) > LONGEST_SECONDS:
                raise LostEventsError(f"{len(posted_at)} awards did not come back")
            time.sleep(POLL_SECONDS)
    partner.close()
    return seconds


def _post(partner: ApiClient, award: Moment, posted_at: dict[str, float]) -> None:
    event = caliper.event(award)
    posted_at[event["id"].removeprefix("urn:uuid:")] = time.monotonic()
    receipt = partner.post_events(caliper.envelope(award.sitting.app.home, award.at, [event]))
    if receipt.accepted != 1:
        raise LostEventsError("an award was refused")
