"""The API's rows as polars frames: the warehouse's column names, typed, also when empty."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

Schema = Mapping[str, pl.DataType]

TEXT = pl.String()
COUNT = pl.Int64()
NUMBER = pl.Float64()
FLAG = pl.Boolean()
DAY = pl.Date()
INSTANT = pl.Datetime("us", "UTC")

STANDINGS: Schema = {
    "student_id": TEXT,
    "name": TEXT,
    "grade": TEXT,
    "school_name": TEXT,
    "timezone": TEXT,
    "local_on": DAY,
    "goal_xp": NUMBER,
    "earned_xp": NUMBER,
    "status": TEXT,
    "active_seconds": NUMBER,
    "idle_seconds": NUMBER,
    "total_questions": COUNT,
    "accuracy_ratio": NUMBER,
    "last_seen_at": INSTANT,
    "last_app": TEXT,
}
DAYS: Schema = {
    "local_on": DAY,
    "goal_xp": NUMBER,
    "earned_xp": NUMBER,
    "status": TEXT,
    "active_seconds": NUMBER,
    "restated_at": INSTANT,
}
SEGMENTS: Schema = {
    "app_name": TEXT,
    "subject": TEXT,
    "lesson_title": TEXT,
    "state": TEXT,
    "started_at": INSTANT,
    "ended_at": INSTANT,
    "seconds": NUMBER,
    "is_counted": FLAG,
}
SESSIONS: Schema = {
    "app_name": TEXT,
    "started_at": INSTANT,
    "ended_at": INSTANT,
    "active_seconds": NUMBER,
    "idle_seconds": NUMBER,
    "end_reason": TEXT,
    "event_count": COUNT,
}
LEDGER: Schema = {
    "entry_id": TEXT,
    "earned_at": INSTANT,
    "xp": NUMBER,
    "kind": TEXT,
    "status": TEXT,
    "subject": TEXT,
    "course_title": TEXT,
    "lesson_title": TEXT,
    "app_name": TEXT,
    "review_text": TEXT,
    "restated_at": INSTANT,
    "source_event_id": TEXT,
}
LESSONS: Schema = {
    "course_id": TEXT,
    "course_title": TEXT,
    "unit_title": TEXT,
    "lesson_position": COUNT,
    "lesson_title": TEXT,
    "mastery_state": TEXT,
    "best_score_ratio": NUMBER,
    "item_count": COUNT,
    "correct_count": COUNT,
    "attempt_count": COUNT,
    "is_struggling": FLAG,
    "first_mastered_on": DAY,
}
SUBJECTS: Schema = {
    "subject": TEXT,
    "xp": NUMBER,
    "active_seconds": NUMBER,
    "total_questions": COUNT,
    "correct_questions": COUNT,
    "scored_questions": COUNT,
    "mastered_lessons": COUNT,
}
LESSON_DAYS: Schema = {
    "subject": TEXT,
    "lesson_title": TEXT,
    "app_name": TEXT,
    "xp": NUMBER,
    "active_seconds": NUMBER,
    "total_questions": COUNT,
    "correct_questions": COUNT,
    "mastery_state": TEXT,
}
SCHOOLS: Schema = {
    "school_name": TEXT,
    "timezone": TEXT,
    "local_on": DAY,
    "student_count": COUNT,
    "active_count": COUNT,
    "goal_count": COUNT,
    "met_count": COUNT,
    "xp": NUMBER,
    "active_seconds": NUMBER,
    "flagged_count": COUNT,
}
SCHOOL_DAYS: Schema = {
    "school_name": TEXT,
    "local_on": DAY,
    "active_count": COUNT,
    "goal_count": COUNT,
    "met_count": COUNT,
    "xp": NUMBER,
    "active_seconds": NUMBER,
}
BUILDS: Schema = {
    "build_number": COUNT,
    "status": TEXT,
    "started_at": INSTANT,
    "duration_seconds": NUMBER,
    "full_refresh": FLAG,
    "tests": COUNT,
    "warnings": COUNT,
}
CLIENT_VERDICTS: Schema = {
    "received_on": DAY,
    "client_name": TEXT,
    "verdict": TEXT,
    "reason": TEXT,
    "event_count": COUNT,
}
VERDICT_DAYS: Schema = {"received_on": DAY, "verdict": TEXT, "event_count": COUNT}
UNPROCESSED: Schema = {
    "event_type": TEXT,
    "event_count": COUNT,
    "last_received_at": INSTANT,
    "instead": TEXT,
}
REASONS: Schema = {
    "verdict": TEXT,
    "reason": TEXT,
    "event_count": COUNT,
    "last_received_at": INSTANT,
    "mend": TEXT,
}
EVENT_TYPES: Schema = {
    "event_type": TEXT,
    "purpose": TEXT,
    "is_needed": FLAG,
    "accepted_count": COUNT,
    "other_count": COUNT,
    "last_received_at": INSTANT,
}
SAMPLES: Schema = {
    "received_at": INSTANT,
    "event_type": TEXT,
    "verdict": TEXT,
    "reason": TEXT,
    "path": TEXT,
    "message": TEXT,
    "event_id": TEXT,
    "receipt_id": TEXT,
    "event_index": COUNT,
}
LINTS: Schema = {
    "severity": TEXT,
    "finding": TEXT,
    "part_count": COUNT,
    "whole_count": COUNT,
    "ratio": NUMBER,
    "warning_above": NUMBER,
    "serious_above": NUMBER,
    "why": TEXT,
    "mend": TEXT,
}
USAGE_DAYS: Schema = {
    "local_on": DAY,
    "active_count": COUNT,
    "session_count": COUNT,
    "active_seconds": NUMBER,
    "xp": NUMBER,
    "total_questions": COUNT,
}
USAGE_WEEKS: Schema = {
    "week_on": DAY,
    "active_count": COUNT,
    "active_seconds": NUMBER,
    "xp": NUMBER,
    "total_questions": COUNT,
}
USAGE_COURSES: Schema = {
    "course_title": TEXT,
    "subject": TEXT,
    "student_count": COUNT,
    "active_count": COUNT,
    "active_seconds": NUMBER,
    "xp": NUMBER,
    "total_questions": COUNT,
    "accuracy_ratio": NUMBER,
}
FUNNEL: Schema = {
    "course_id": TEXT,
    "course_title": TEXT,
    "unit_title": TEXT,
    "lesson_position": COUNT,
    "lesson_title": TEXT,
    "started_count": COUNT,
    "practicing_count": COUNT,
    "proficient_count": COUNT,
    "mastered_count": COUNT,
    "review_count": COUNT,
    "struggling_count": COUNT,
    "stopped_count": COUNT,
    "median_mastery_seconds": NUMBER,
    "median_mastery_attempts": NUMBER,
    "accuracy_ratio": NUMBER,
    "hardest_item_ref": TEXT,
    "hardest_item_title": TEXT,
    "hardest_item_ratio": NUMBER,
}
EVENT_DIFFERENCES: Schema = {
    "difference": TEXT,
    "event_id": TEXT,
    "event_type": TEXT,
    "received_at": INSTANT,
    "verdict": TEXT,
    "reason": TEXT,
    "mend": TEXT,
}
DAY_DIFFERENCES: Schema = {
    "received_on": DAY,
    "event_type": TEXT,
    "sent_count": COUNT,
    "arrived_count": COUNT,
    "waiting_count": COUNT,
    "missing_count": COUNT,
    "accepted_count": COUNT,
    "duplicate_count": COUNT,
}
AUDIT_ENTRIES: Schema = {
    "occurred_at": INSTANT,
    "actor_kind": TEXT,
    "actor_id": TEXT,
    "actor_name": TEXT,
    "action": TEXT,
    "student_id": TEXT,
    "student_name": TEXT,
}
AUDIT_DAYS: Schema = {
    "date": DAY,
    "entry_count": COUNT,
    "actor_count": COUNT,
    "student_count": COUNT,
}
MISSED: Schema = {
    "item_ref": TEXT,
    "item_title": TEXT,
    "subject": TEXT,
    "lesson_title": TEXT,
    "answer_count": COUNT,
    "wrong_count": COUNT,
    "last_answered_at": INSTANT,
    "is_last_correct": FLAG,
    "last_event_id": TEXT,
}
SUBJECT_DAYS: Schema = {
    "local_on": DAY,
    "subject": TEXT,
    "xp": NUMBER,
    "active_seconds": NUMBER,
    "total_questions": COUNT,
    "correct_questions": COUNT,
    "scored_questions": COUNT,
    "mastered_lessons": COUNT,
}
MASTERED: Schema = {
    "first_mastered_on": DAY,
    "subject": TEXT,
    "course_title": TEXT,
    "lesson_title": TEXT,
    "best_score_ratio": NUMBER,
    "item_count": COUNT,
    "correct_count": COUNT,
}
APP_GROUPS: Schema = {
    "grade": TEXT,
    "subject": TEXT,
    "app_name": TEXT,
    "is_hidden": FLAG,
    "student_count": COUNT,
    "active_seconds": NUMBER,
    "idle_seconds": NUMBER,
    "xp": NUMBER,
    "mastered_lessons": COUNT,
    "award_count": COUNT,
    "review_count": COUNT,
    "xp_per_active_minute": NUMBER,
    "mastered_per_active_hour": NUMBER,
    "accuracy_ratio": NUMBER,
    "idle_ratio": NUMBER,
    "review_ratio": NUMBER,
}
ROSTER_ROWS: Schema = {
    "id": TEXT,
    "name": TEXT,
    "email": TEXT,
    "school_name": TEXT,
    "about": TEXT,
    "reference": TEXT,
    "amount": NUMBER,
    "last_at": INSTANT,
}
GRID_CELLS: Schema = {
    "student_id": TEXT,
    "name": TEXT,
    "subject": TEXT,
    "goal_xp": NUMBER,
    "earned_xp": NUMBER,
    "status": TEXT,
    "active_seconds": NUMBER,
}
GRID_DAYS: Schema = {
    "student_id": TEXT,
    "name": TEXT,
    "local_on": DAY,
    "earned_xp": NUMBER,
    "status": TEXT,
    "active_seconds": NUMBER,
}
STUCK: Schema = {
    "student_id": TEXT,
    "name": TEXT,
    "lesson_id": TEXT,
    "subject": TEXT,
    "course_title": TEXT,
    "lesson_title": TEXT,
    "stuck_reason": TEXT,
    "last_ten_ratio": NUMBER,
    "attempt_count": COUNT,
    "active_seconds": NUMBER,
    "last_activity_at": INSTANT,
}
REVIEW_DAYS: Schema = {
    "local_on": DAY,
    "goal_count": COUNT,
    "met_count": COUNT,
    "xp": NUMBER,
    "active_seconds": NUMBER,
}
ALERTS: Schema = {
    "alert_id": COUNT,
    "local_on": DAY,
    "kind": TEXT,
    "recipient": TEXT,
    "subject": TEXT,
    "alert_status": TEXT,
    "attempts": COUNT,
    "student_count": COUNT,
    "error": TEXT,
    "created_at": INSTANT,
}


def read(rows: Iterable[Mapping[str, Any]], schema: Schema) -> pl.DataFrame:
    """Rows of an answer as a frame with exactly the schema's columns.

    Students who share a name have their id behind it: a chart draws one row for one name.
    """
    columns: dict[str, list[Any]] = {name: [] for name in schema}
    parsers = {name: _parser(kind) for name, kind in schema.items()}
    for row in rows:
        for name, values in columns.items():
            value = row.get(_wire_name(name))
            values.append(None if value is None else parsers[name](value))
    frame = pl.DataFrame(columns, schema=dict(schema), strict=False)
    return _told_apart(frame) if {"student_id", "name"} <= schema.keys() else frame


def _told_apart(frame: pl.DataFrame) -> pl.DataFrame:
    is_shared = pl.col("student_id").n_unique().over("name") > 1
    named = pl.format("{} ({})", "name", "student_id")
    return frame.with_columns(pl.when(is_shared).then(named).otherwise("name").alias("name"))


def local(column: str, zone: str) -> pl.Expr:
    """An instant's wall-clock time in a zone, as `HH:MM`."""
    return pl.col(column).dt.convert_time_zone(zone).dt.strftime("%H:%M")


def clock(instant: str | None, zone: str) -> str:
    """An ISO instant's wall-clock time in a zone, as `HH:MM`; a dash for none."""
    if instant is None:
        return "–"
    return datetime.fromisoformat(instant).astimezone(ZoneInfo(zone)).strftime("%H:%M")


def _wire_name(column: str) -> str:
    head, *tail = column.split("_")
    return head + "".join(part.capitalize() for part in tail)


def _parser(kind: pl.DataType) -> Callable[[Any], Any]:
    if isinstance(kind, pl.Date):
        return date.fromisoformat
    if isinstance(kind, pl.Datetime):
        return datetime.fromisoformat
    return lambda value: value
