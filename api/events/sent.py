"""Events as sent, read from raw, and what each of them made in the marts.

Raw is partitioned by month of `day` and sorted by day and student, so each read names the days.
"""

from datetime import UTC, date, datetime
from typing import Any

from api.reading import Reading
from api.rules import read_rules

Row = dict[str, Any]

RAW = """
    select
        event.payload, event.score_type, {attempt_key} as attempt_key,
        {named_ref} as named_ref
    from raw.events as event
    cross join (
        select $course_id::varchar as course_id, $lesson_id::varchar as lesson_id
    ) as verdict
    where
        event.day = $day and event.journal_seq = $journal_seq
        and event.event_index = $event_index and event.client_id = $client_id
"""

REFUSED = """
    select payload from raw.rejections
    where journal_seq = $journal_seq and event_index = $event_index
"""

OWN = "student_id = $student_id and client_id = $client_id"

MADE = {
    "ledger_entries": f"""
        select entry_id as made_id from marts.fct_xp_ledger
        where {OWN} and source_event_id = $event_id
        order by earned_at, entry_id
    """,
    "sessions": f"""
        select session_id as made_id from marts.fct_sessions
        where {OWN} and session_id = $session_id
    """,
    # An event that names nothing is of what its attempt is at, else of the lesson.
    "assessment_results": """
        select result.result_id as made_id
        from marts.fct_assessment_results as result
        left join marts.dim_line_items as item using (line_item_id)
        where
            result.student_id = $student_id and result.client_id = $client_id
            and result.lesson_id = $lesson_id and result.attempt_key = $attempt_key
            and item.assessed_ref = coalesce($named_ref, item.assessed_ref)
            and result.is_xp = $is_xp
        qualify
            $named_ref is not null or count(*) over () = 1 or item.assessed_ref <> $lesson_id
        order by made_id
    """,
    "item_responses": f"""
        select response_id as made_id from marts.fct_item_responses
        where {OWN} and source_event_id = $event_id
    """,
    "facts": f"""
        select fact_id as made_id from marts.fct_engagement
        where {OWN} and source_event_id = $event_id
        order by made_id
    """,
}
GRADED = ("AssessmentEvent", "AssessmentItemEvent", "GradeEvent")


def utc_day(instant: datetime) -> date:
    """The day of raw that holds an instant."""
    return instant.astimezone(UTC).date()


def as_sent(reading: Reading, row: Row) -> Row | None:
    """Payload and attempt of one arrival; None if the lake does not hold it."""
    place = {name: row[name] for name in ("journal_seq", "event_index")}
    if row["status"] == "rejected":
        found = reading.lake.rows(REFUSED, place)
    elif row["occurred_at"] is None:
        return None
    else:
        parameters = place | {
            "day": utc_day(row["occurred_at"]),
            "client_id": row["client_id"],
            **{name: row[name] for name in ("session_id", "course_id", "lesson_id")},
        }
        rules = read_rules()
        sql = RAW.format(
            attempt_key=rules.sql("attempt_key", "event", "$session_id::varchar"),
            named_ref=rules.sql("named_ref", "event", "verdict"),
        )
        found = reading.lake.rows(sql, parameters)
    return found[0] if found else None


def made(reading: Reading, row: Row, sent: Row | None) -> dict[str, list[str]]:
    """Ids of the rows that an accepted event made or had a part in, by kind."""
    if row["status"] != "accepted" or row["student_id"] is None or sent is None:
        return {kind: [] for kind in MADE}
    values = {
        **{name: row[name] for name in ("student_id", "client_id", "event_id", "session_id")},
        "lesson_id": row["lesson_id"],
        "attempt_key": sent["attempt_key"] if row["event_type"] in GRADED else None,
        "named_ref": None if sent["score_type"] == "XP" else sent["named_ref"],
        "is_xp": sent["score_type"] == "XP",
    }
    return {kind: _ids(reading, sql, values) for kind, sql in MADE.items()}


def _ids(reading: Reading, sql: str, values: Row) -> list[str]:
    used = {name: value for name, value in values.items() if f"${name}" in sql}
    return [found["made_id"] for found in reading.lake.rows(sql, used)]
