"""Accepted events of one student with what was sent, found in raw by their days."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from api.events import queries
from api.reading import Reading
from api.rules import read_rules
from core.access import Condition, all_of

Row = dict[str, Any]

# Raw names a student in many ways, and in a teacher's grade as its assignee: rows are found by the
# places of their verdicts, files by their days.
PLACES = """
    select distinct verdict.journal_seq from marts.fct_event_verdicts as verdict
    where
        verdict.student_id = $student_id and verdict.{prefix}verdict = 'accepted'
        and cast(verdict.occurred_at as date) in ({days})
"""

EVENTS = """
    select
        {columns}, event.payload, event.score_type, event.score_given, event.question_count,
        event.correct_count, event.duration_seconds, {attempt_key} as attempt_key,
        {attempt_id} as attempt_id, {named_ref} as named_ref, {is_item_grade} as is_item_grade
    from raw.events as event
    inner join marts.fct_event_verdicts as verdict
        using (client_id, received_at, journal_seq, event_index)
    where
        event.day in ({days}) and list_contains($places, event.journal_seq)
        and verdict.student_id = $student_id and verdict.{prefix}verdict = 'accepted'
        and {where}
    order by verdict.occurred_at, verdict.event_id
"""

LESSON_DAYS = """
    select distinct activity.local_on
    from marts.agg_student_day_lesson__activity as activity
    where
        activity.student_id = $student_id and activity.lesson_id = $lesson_id
        and activity.event_count > 0 and {where}
"""


def sent(
    reading: Reading, student_id: str, days: Iterable[date], *conditions: Condition
) -> list[Row]:
    """A student's accepted events of these UTC days, in the order in which they happened.

    `conditions` speak of `event`, the row of raw, and of `verdict`.
    """
    chosen = {f"day_{place}": day for place, day in enumerate(sorted(set(days)))}
    if not chosen:
        return []
    where = all_of(reading.sight.own("event"), *conditions)
    rules = read_rules()
    listed = ", ".join(f"${name}" for name in chosen)
    prefix = queries.prefix_of(reading)
    parameters = {"student_id": student_id, **chosen}
    places = reading.lake.rows(PLACES.format(prefix=prefix, days=listed), parameters)
    sql = EVENTS.format(
        columns=queries.columns(reading),
        prefix=prefix,
        attempt_key=rules.sql("attempt_key", "event", "verdict.session_id"),
        attempt_id=rules.sql("attempt_id", "event"),
        named_ref=rules.sql("named_ref", "event", "verdict"),
        is_item_grade=rules.sql("is_item_grade", "event"),
        days=listed,
        where=where.sql,
    )
    found = {"places": [row["journal_seq"] for row in places]}
    return _assessed(reading.lake.rows(sql, where.parameters | parameters | found))


def _assessed(rows: list[Row]) -> list[Row]:
    """With what each assesses: an event that names nothing is of what its attempt last named."""
    graded = [row for row in rows if row["score_type"] != "XP"]
    lent = {
        (row["client_id"], row["lesson_id"], row["attempt_id"]): row["named_ref"]
        for row in graded
        if row["named_ref"] is not None and row["attempt_id"] is not None
    }
    found = {
        (row["client_id"], row["event_id"]): row["named_ref"]
        or lent.get((row["client_id"], row["lesson_id"], row["attempt_id"]))
        for row in graded
    }
    return [
        row | {"assessed_ref": found.get((row["client_id"], row["event_id"])) or row["lesson_id"]}
        for row in rows
    ]


def named(event_ids: Iterable[str]) -> Condition:
    """Only the events of these ids."""
    ids = sorted(set(event_ids))
    return Condition("event.event_id in (select unnest($event_ids::varchar[]))", {"event_ids": ids})


def around(days: Iterable[date]) -> set[date]:
    """UTC days that may hold what happened on local days."""
    return {day + timedelta(days=shift) for day in days for shift in (-1, 0, 1)}


def lesson_days(reading: Reading, student_id: str, lesson_id: str) -> set[date]:
    """UTC days that may hold events of a student in a lesson."""
    own = reading.sight.own("activity")
    parameters = {"student_id": student_id, "lesson_id": lesson_id}
    rows = reading.lake.rows(LESSON_DAYS.format(where=own.sql), parameters | own.parameters)
    return around(row["local_on"] for row in rows)
