"""What the simulated apps send, and when."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise, takewhile

import msgspec
import pytest

from core.simulation import SimulationPlan, caliper
from core.simulation.moments import Moment
from core.simulation.timeline import Delivery, Timeline
from ingest.events.door import Verdict, judge
from ingest.events.request import open_request

PLAN = SimulationPlan(students=60, days=6, seed=1, today=date(2026, 11, 20))
UNTIL = datetime(2026, 11, 20, 12, tzinfo=UTC)


@cache
def deliveries() -> list[Delivery]:
    """Six days of two schools: a weekend and four school days."""
    return list(takewhile(lambda one: one.at <= UNTIL, Timeline(PLAN).deliveries()))


def encoded(moment: Moment) -> bytes:
    return msgspec.json.encode(caliper.event(moment))


def test_the_same_plan_plays_the_same_events() -> None:
    again = takewhile(lambda one: one.at <= UNTIL, Timeline(PLAN).deliveries())
    assert [(one.at, caliper.event_id(one.moment)) for one in again] == [
        (one.at, caliper.event_id(one.moment)) for one in deliveries()
    ]


def test_another_seed_plays_others() -> None:
    other = Timeline(SimulationPlan(students=60, days=6, seed=2, today=PLAN.today)).deliveries()
    ids = {caliper.event_id(one.moment) for one in deliveries()}
    assert caliper.event_id(next(other).moment) not in ids


def test_deliveries_come_in_order_and_never_before_they_happened() -> None:
    assert all(before.at <= after.at for before, after in pairwise(deliveries()))
    assert all(one.moment.at <= one.at for one in deliveries())


def test_somebody_is_at_work_at_any_hour_of_any_day() -> None:
    first_day = datetime(2026, 11, 15, tzinfo=UTC)
    times = [one.at for one in deliveries() if one.at > first_day]
    assert max(after - before for before, after in pairwise(times)) < timedelta(minutes=8)


def test_a_school_day_has_about_a_hundred_and_thirty_events_a_student() -> None:
    counts: Counter[tuple[str, date]] = Counter()
    for one in deliveries():
        student = one.moment.sitting.student
        day = one.moment.at.astimezone(student.school.zone).date()
        if student.school.is_school_day(day) and day < PLAN.today:
            counts[student.person.user_id, day] += 1
    assert 100 < sum(counts.values()) / len(counts) < 170


def test_the_absent_send_nothing_on_the_last_school_days() -> None:
    since = PLAN.today - timedelta(days=3)
    for one in deliveries():
        student = one.moment.sitting.student
        if student.archetype == "absent":
            assert one.moment.at.astimezone(student.school.zone).date() < since


def test_xp_is_about_a_minute_of_work_each() -> None:
    xp: dict[str, float] = defaultdict(float)
    minutes: dict[str, float] = defaultdict(float)
    for one in deliveries():
        moment = one.moment
        if moment.sitting.student.archetype == "rushing" or moment.flaw:
            continue
        if moment.kind == "xp_earned" and moment.attempt:
            xp[moment.sitting.session_id] += moment.score
            minutes[moment.sitting.session_id] = max(
                minutes[moment.sitting.session_id],
                (moment.at - moment.sitting.started_at).total_seconds() / 60,
            )
    assert 0.5 < sum(xp.values()) / sum(minutes.values()) < 1.0


def test_some_events_come_twice_unchanged_and_some_changed_under_the_same_id() -> None:
    sent: dict[str, list[bytes]] = defaultdict(list)
    for one in deliveries():
        sent[caliper.event_id(one.moment)].append(encoded(one.moment))
    repeated = [bodies for bodies in sent.values() if len(bodies) > 1]
    assert any(len(set(bodies)) == 1 for bodies in repeated)
    assert any(len(set(bodies)) > 1 for bodies in repeated)


def test_some_awards_are_corrected_by_a_later_event_about_the_same_attempt() -> None:
    awards: dict[str, set[str]] = defaultdict(set)
    for one in deliveries():
        if one.moment.kind == "xp_earned":
            event = caliper.event(one.moment)
            awards[event["object"]["id"]].add(event["id"])
    assert any(len(ids) > 1 for ids in awards.values())


def test_some_events_come_hours_late() -> None:
    assert any(one.at - one.moment.at > timedelta(hours=1) for one in deliveries())


def judged(flaw: str) -> list[Verdict]:
    """What the door says to events with the flaw."""
    events = [caliper.event(one.moment) for one in deliveries() if one.moment.flaw == flaw][:2_000]
    assert events
    body = msgspec.json.encode(caliper.envelope("https://app.example", UNTIL, events))
    return judge(open_request(body), UNTIL).verdicts


@pytest.mark.parametrize("flaw", ["", "changed_score", "unknown_lesson"])
def test_the_door_takes_what_is_well_formed(flaw: str) -> None:
    assert {(one.status, *one.warnings) for one in judged(flaw)} == {("queued",)}


@pytest.mark.parametrize(
    ("flaw", "path"),
    [("no_lesson", "extensions.lesson.id"), ("text_score", "generated.scoreGiven")],
)
def test_the_door_refuses_what_partners_get_wrong(flaw: str, path: str) -> None:
    for one in judged(flaw):
        assert one.status == "rejected"
        assert one.path == f"$.data[{one.index}].{path}"


def test_every_kind_of_event_is_sent() -> None:
    kinds = {caliper.event(one.moment)["type"] for one in deliveries()}
    assert kinds == {
        "SessionEvent",
        "ViewEvent",
        "AssignableEvent",
        "AssessmentItemEvent",
        "AssessmentEvent",
        "GradeEvent",
    }
