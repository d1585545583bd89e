"""XP, goals, gradebook, items, mastery and placement, from raw events to the marts."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.warehouse.conftest import Warehouse
from tests.warehouse.trap_school import (
    DAY,
    Row,
    course,
    enrollment,
    event,
    item,
    lesson,
    minutes,
    record,
    user,
    view,
    xp,
)

AS_OF = datetime(2026, 3, 4, 18, tzinfo=UTC)  # noon in Chicago on the day after DAY
SUNDAY = datetime(2026, 3, 1, 18, tzinfo=UTC)

ROSTER: list[Row] = [
    record(
        "org",
        "school",
        {
            "name": "School",
            "metadata": {
                "timezone": "America/Chicago",
                "calendar": {"schoolDays": [1, 2, 3, 4, 5], "holidays": ["2026-03-02"]},
            },
        },
    ),
    user("ann"),
    user("ben"),
    *course("reading"),
    *course("maths"),
    lesson("reading", "reading-3", 3),
    enrollment("ann", "reading"),
    enrollment("ann", "maths"),
    enrollment("ben", "reading"),
]


def quiz(event_id: str, at: datetime, action: str, attempt: str) -> Row:
    """Ann's quiz begins or ends."""
    return event(
        event_id,
        "AssessmentEvent",
        action,
        at,
        object_ref="quiz",
        object_type="Assessment",
        object_name="Quiz One",
        generated_ref=attempt,
        generated_type="Attempt",
        attempt_ref=attempt,
        assignable_ref="quiz",
    )


def grade(event_id: str, at: datetime, score: float, attempt: str) -> Row:
    """A quiz is graded out of 10; the grade names the attempt alone."""
    return xp(event_id, at, score, attempt, score_type=None, max_score=10.0)


def answers(prefix: str, at: datetime, attempt: str, right: list[bool]) -> list[Row]:
    """A question answered each minute."""
    return [
        item(
            f"{prefix}{number}",
            at + minutes(number),
            "Completed",
            object_ref=f"q{number}",
            object_part_ref="quiz",
            attempt_part_ref=attempt,
            is_correct=is_right,
            session_ref=prefix,
        )
        for number, is_right in enumerate(right)
    ]


EVENTS: list[Row] = [
    quiz("begin", DAY, "Started", "a1"),
    *answers("i", DAY + minutes(1), "a1", [True, True, True, True, True]),
    quiz("end", DAY + minutes(7), "Submitted", "a1"),
    grade("grade", DAY + minutes(8), 7, "a1"),
    grade("regrade", DAY + minutes(9), 9, "a1"),
    quiz("begin-2", DAY + minutes(60), "Started", "a2"),
    xp("award", DAY + minutes(9), 130, "a1"),
    xp("correction", DAY + minutes(10), 20, "a1"),
    xp("big", SUNDAY, 241, "big", lesson_ref="reading-2"),
    xp("pending", DAY, 5, "p", student_ref="ben", client_id="maths"),
    view("skipped-ahead", DAY + minutes(70), lesson_ref="reading-3"),
]


LATER: list[Row] = [
    enrollment("ben", "maths"),
    record(
        "course",
        "reading-course",
        {
            "title": "reading-course",
            "subjects": ["Reading"],
            "metadata": {"gradePolicy": "latest", "goals": {"dailyXp": 35}},
        },
        owner_client_id="reading",
        recorded_at=datetime(2026, 3, 6, tzinfo=UTC),
    ),
    lesson("reading", "reading-4", 4),
]


@pytest.fixture(scope="module")
def built(shared_warehouse: Warehouse) -> Warehouse:
    shared_warehouse.load(EVENTS, ROSTER)
    shared_warehouse.build(as_of=AS_OF)
    return shared_warehouse


def test_a_correction_is_a_reverse_and_a_correct_row(built: Warehouse) -> None:
    assert built.rows(
        "select kind, xp, source_event_id from lake.marts.fct_xp_ledger"
        " where attempt_ref = 'a1' order by earned_at, source_event_id, kind"
    ) == [
        ("earn", Decimal(130), "award"),
        ("reverse", Decimal(-130), "correction"),
        ("correct", Decimal(20), "correction"),
    ]


def test_xp_without_enrollment_waits_outside_the_goal(built: Warehouse) -> None:
    assert built.rows(
        "select status, xp from lake.marts.fct_xp_ledger where student_id = 'ben'"
    ) == [("pending_enrollment", Decimal(5))]
    assert built.rows(
        "select earned_xp, status from lake.marts.fct_daily_goals"
        " where student_id = 'ben' and subject = 'All' and local_on = '2026-03-03'"
    ) == [(Decimal(0), "behind")]


def test_a_large_award_is_credited_and_flagged(built: Warehouse) -> None:
    assert built.rows("select xp, review_reason from lake.marts.fct_xp_ledger where is_review") == [
        (Decimal(241), "over_240_in_event")
    ]


def test_the_default_goal_is_shared_by_subjects_and_judged_by_the_calendar(
    built: Warehouse,
) -> None:
    assert built.rows(
        "select local_on, subject, goal_xp, status from lake.marts.fct_daily_goals"
        " where student_id = 'ann' and local_on >= '2026-03-01' order by all"
    ) == [
        (date(2026, 3, 1), "All", Decimal(120), "no_school"),
        (date(2026, 3, 1), "Maths", Decimal(60), "no_school"),
        (date(2026, 3, 1), "Reading", Decimal(60), "no_school"),
        (date(2026, 3, 2), "All", Decimal(120), "no_school"),
        (date(2026, 3, 2), "Maths", Decimal(60), "no_school"),
        (date(2026, 3, 2), "Reading", Decimal(60), "no_school"),
        (date(2026, 3, 3), "All", Decimal(120), "behind"),
        (date(2026, 3, 3), "Maths", Decimal(60), "not_started"),
        (date(2026, 3, 3), "Reading", Decimal(60), "behind"),
        (date(2026, 3, 4), "All", Decimal(120), "not_started"),
        (date(2026, 3, 4), "Maths", Decimal(60), "not_started"),
        (date(2026, 3, 4), "Reading", Decimal(60), "not_started"),
    ]


def test_one_result_an_attempt_on_one_line_item_a_score_type(built: Warehouse) -> None:
    assert built.rows(
        "select title, results.score_type, attempt_key, attempt_number, score_status,"
        "     score_given, score_percent, item_count, correct_count, is_policy"
        " from lake.marts.fct_assessment_results as results"
        " inner join lake.marts.dim_line_items using (line_item_id)"
        " where results.lesson_id = 'reading-1' order by score_type, attempt_number"
    ) == [
        ("Quiz One", "SCORE", "a1", 1, "fully graded", 9, 90, 5, 5, True),
        ("Quiz One", "SCORE", "a2", 2, "not submitted", None, None, None, None, False),
        ("reading-1", "XP", "a1", 1, "fully graded", 20, None, None, None, True),
    ]


def test_an_attempt_of_five_right_answers_masters_the_lesson(built: Warehouse) -> None:
    assert built.rows(
        "select lesson_id, mastery_state, item_count, first_mastered_on"
        " from lake.marts.fct_lesson_mastery where student_id = 'ann' order by lesson_id"
    ) == [
        ("maths-1", "not_started", 0, None),
        ("maths-2", "not_started", 0, None),
        ("reading-1", "mastered", 5, date(2026, 3, 3)),
        ("reading-2", "not_started", 0, None),
        ("reading-3", "started", 0, None),
    ]


def test_placement_names_the_gap_the_next_and_what_was_ahead(built: Warehouse) -> None:
    assert built.rows(
        "select gap_lesson_ids, next_lesson_id, ahead_lesson_ids"
        " from lake.marts.fct_course_placement"
        " where student_id = 'ann' and course_id = 'reading-course'"
    ) == [(["reading-2"], "reading-2", ["reading-1"])]


def test_who_is_flagged_and_why(built: Warehouse) -> None:
    assert built.rows(
        "select student_id, reason, measured from lake.marts.fct_off_track_flags"
        " where reason <> 'idle' order by all"
    ) == [("ann", "goal_missed", 5.0), ("ann", "xp_review", 1.0), ("ben", "goal_missed", 5.0)]


@pytest.mark.long
@pytest.mark.timeout(600)
def test_time_that_passes_in_silence_gives_what_a_full_build_gives(built: Warehouse) -> None:
    built.build(as_of=AS_OF + timedelta(days=3))
    built.load([grade("grade-2", DAY + minutes(65), 2, "a2")], LATER)
    built.build(as_of=AS_OF + timedelta(days=5))
    names = [
        "fct_xp_ledger",
        "fct_daily_goals",
        "dim_line_items",
        "fct_assessment_results",
        "fct_item_responses",
        "dim_items",
        "fct_lesson_mastery",
        "fct_course_placement",
        "fct_off_track_flags",
    ]
    step_by_step = {name: built.table(f"marts.{name}") for name in names}
    assert all(step_by_step.values())
    built.build(full_refresh=True, as_of=AS_OF + timedelta(days=5))
    for name, rows in step_by_step.items():
        assert built.table(f"marts.{name}") == rows, name
