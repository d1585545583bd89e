"""What the pupils answered, and the award of each day as its app sent it."""

import json
from datetime import datetime, timedelta
from typing import Any

from tests.dashboards.days import StudentDay, student_days

Rows = list[dict[str, Any]]
GRADE_INDEX = 2  # place of the award among a day's events


def of(day: StudentDay) -> Rows:
    """A day's scored answers; the questions of a lesson come again each day, the last are wrong."""
    return [
        {
            **{name: value for name, value in day.where.items() if name != "school_id"},
            "response_id": f"r-{day.key}-{number}",
            "session_id": f"s-{day.key}",
            "item_ref": f"https://{day.course.client_id}.example/{day.where['lesson_id']}/{number}",
            "item_title": f"Question {number + 1}" if number % 2 else None,
            "answered_at": day.started_at + timedelta(minutes=1, seconds=number),
            "answered_on": day.on,
            "is_scored": True,
            "is_correct": number < day.correct,
            "source_event_id": f"e-{day.key}-1",
        }
        for number in range(day.questions)
    ]


def raw(as_of: datetime) -> Rows:
    """The awards of the last day, as sent."""
    return [
        {
            "load_id": 0,
            "journal_seq": seq,
            "event_index": GRADE_INDEX,
            "day": (day.started_at + timedelta(minutes=GRADE_INDEX)).date(),
            "client_id": day.course.client_id,
            "event_id": f"e-{day.key}-{GRADE_INDEX}",
            "student_ref": day.pupil.student_id,
            "received_at": day.started_at + timedelta(minutes=GRADE_INDEX),
            "payload": json.dumps(
                {"type": "GradeEvent", "generated": {"scoreType": "XP", "scoreGiven": day.xp}}
            ),
        }
        for seq, day in enumerate(student_days(as_of), start=1)
        if day.on == as_of.date()
    ]
