"""Stretches of activity: of a student's day, and of one session."""

from datetime import date
from typing import Any

from api.explain.queries.ledger import Part
from api.reading import Reading
from core.access import Condition, all_of

Row = dict[str, Any]

SEGMENTS = """
    select
        segment.segment_id, segment.session_id, segment.client_id, segment.app_id,
        segment.course_id, segment.lesson_id, segment.subject, segment.state, segment.started_at,
        segment.ended_at, segment.local_on, segment.seconds, segment.is_counted
    from marts.fct_activity_segments as segment
    where segment.student_id = $student_id and {where}
    order by segment.started_at, segment.session_id, segment.segment_id
"""


def of_day(reading: Reading, student_id: str, day: date, part: Part) -> list[Row]:
    """A student's segments of one local day, also those that another app's clock counts."""
    on = Condition("segment.local_on = $day", {"day": day})
    return _segments(reading, student_id, all_of(on, part.of("segment")))


def of_session(reading: Reading, student_id: str, session_id: str) -> list[Row]:
    """The segments of one session."""
    session = Condition("segment.session_id = $session_id", {"session_id": session_id})
    return _segments(reading, student_id, session)


def _segments(reading: Reading, student_id: str, which: Condition) -> list[Row]:
    where = all_of(which, reading.sight.own("segment"))
    parameters = where.parameters | {"student_id": student_id}
    return reading.lake.rows(SEGMENTS.format(where=where.sql), parameters)
