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

# A partner's stretches are cut by its own apps alone: where the student's clock passes to another
# partner's, and whether it did, is not its to know. The first piece has the id that the whole would
# have.
WHOLE_SEGMENTS = """
    with segments as (
        select
            segment.*,
            coalesce(
                segment.started_at > lag(segment.ended_at) over alike, true
            ) as is_start
        from marts.fct_activity_segments as segment
        where segment.student_id = $student_id and {where}
        window alike as (
            partition by
                segment.session_id, segment.state, segment.course_id, segment.lesson_id,
                segment.subject, segment.local_on, segment.is_counted_for_client
            order by segment.started_at
        )
    ),

    numbered as (
        select
            *,
            count_if(is_start) over (
                partition by
                    session_id, state, course_id, lesson_id, subject, local_on,
                    is_counted_for_client
                order by started_at
            ) as stretch
        from segments
    )

    select
        arg_min(piece.segment_id, piece.started_at) as segment_id, piece.session_id,
        piece.client_id, piece.app_id, piece.course_id, piece.lesson_id, piece.subject,
        piece.state, piece.local_on, min(piece.started_at) as started_at,
        max(piece.ended_at) as ended_at,
        (epoch_us(max(piece.ended_at)) - epoch_us(min(piece.started_at))) / 1e6 as seconds,
        piece.is_counted_for_client as is_counted
    from numbered as piece
    group by
        piece.session_id, piece.client_id, piece.app_id, piece.course_id, piece.lesson_id,
        piece.subject, piece.state, piece.local_on, piece.is_counted_for_client, piece.stretch
    order by min(piece.started_at), piece.session_id, segment_id
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
    """Oldest first; to a partner `is_counted` tells of its own apps."""
    where = all_of(which, reading.sight.own("segment"))
    sql = WHOLE_SEGMENTS if reading.sight.is_partner else SEGMENTS
    return reading.lake.rows(
        sql.format(where=where.sql), where.parameters | {"student_id": student_id}
    )
