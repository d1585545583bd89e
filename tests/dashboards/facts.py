"""Rows of the marts, made from student-days."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import polars as pl

from tests.dashboards import answers, class_facts
from tests.dashboards.days import DAY_COUNT, GOAL_XP, StudentDay, student_days
from tests.dashboards.roster import COURSES, LESSONS, PUPILS, SCHOOLS, Course, Pupil

STATUS = {"strong": "met", "steady": "on_pace", "slow": "behind", "absent": "not_started"}

Rows = list[dict[str, Any]]


def facts(as_of: datetime) -> dict[str, Rows]:
    """Engagement, XP, goals and mastery, all from the same student-days."""
    days = student_days(as_of)
    return {
        "fct_sessions": [_session(day) for day in days],
        "fct_activity_segments": [_segment(day) for day in days],
        "fct_xp_ledger": [_entry(day, as_of) for day in days],
        "agg_student_day_lesson__activity": [_activity(day) for day in days],
        "fct_daily_goals": [*_goals(days, as_of), *class_facts.subject_goals(days, as_of)],
        "dim_items": class_facts.items(),
        "fct_lesson_mastery": _mastery(days),
        "fct_course_placement": [_placement(pupil, c) for pupil in PUPILS for c in COURSES],
        "fct_off_track_flags": _flags(as_of),
        "fct_item_responses": [
            *(row for day in days for row in answers.of(day)),
            *class_facts.item_responses(as_of),
        ],
    }


def _session(day: StudentDay) -> dict[str, Any]:
    kept = ("student_id", "school_id", "client_id", "app_id")
    return {
        **{name: day.where[name] for name in kept},
        "session_id": f"s-{day.key}",
        "started_at": day.started_at,
        "ended_at": day.started_at + timedelta(seconds=day.active_seconds + 240),
        "started_on": day.on,
        "timezone": SCHOOLS[day.pupil.school_id].timezone,
        "end_reason": "inferred_idle" if day.pupil.pace == "slow" else "logged_out",
        "time_quality": "bracketed",
        "session_seconds": day.active_seconds + 240,
        "active_seconds": day.active_seconds,
        "idle_seconds": 240.0,
        "event_count": day.questions + 3,
    }


def _segment(day: StudentDay) -> dict[str, Any]:
    return {
        **day.where,
        "segment_id": f"g-{day.key}",
        "session_id": f"s-{day.key}",
        "state": "active",
        "started_at": day.started_at,
        "ended_at": day.started_at + timedelta(seconds=day.active_seconds),
        "local_on": day.on,
        "seconds": day.active_seconds,
        "is_counted": True,
        "is_counted_for_client": True,
    }


def _restated_at(student_id: str, on: date, as_of: datetime) -> datetime | None:
    """Ben's day before today changed this morning."""
    is_changed = student_id == "ben" and on == as_of.date() - timedelta(days=1)
    return as_of - timedelta(hours=4) if is_changed else None


def _entry(day: StudentDay, as_of: datetime) -> dict[str, Any]:
    is_math = day.course is COURSES[0]
    return {
        **day.where,
        "entry_id": f"x-{day.key}",
        "kind": "earn",
        "status": "credited" if day.is_enrolled else "pending_enrollment",
        "restated_at": _restated_at(day.pupil.student_id, day.on, as_of) if is_math else None,
        "source_event_id": f"e-{day.key}-2",
        "earned_at": day.started_at + timedelta(seconds=day.active_seconds),
        "earned_on": day.on,
        "xp": day.xp,
        "is_review": False,
    }


def _activity(day: StudentDay) -> dict[str, Any]:
    return {
        **day.where,
        "local_on": day.on,
        "xp": day.xp,
        "credited_xp": day.xp if day.is_enrolled else 0.0,
        "total_questions": day.questions,
        "correct_questions": day.correct,
        "scored_questions": day.questions,
        "mastered_lessons": 0,
        "active_seconds": day.active_seconds,
        "idle_seconds": 240.0,
        "client_active_seconds": day.active_seconds,
        "client_idle_seconds": 240.0,
        "own_active_seconds": day.active_seconds,
        "own_idle_seconds": 240.0,
        "event_count": day.questions + 3,
    }


def _goals(days: list[StudentDay], as_of: datetime) -> Rows:
    rows = []
    for pupil in PUPILS:
        today = as_of.astimezone(ZoneInfo(SCHOOLS[pupil.school_id].timezone)).date()
        for ago in range(DAY_COUNT):
            on = today - timedelta(days=ago)
            is_enrolled = pupil.school_id == "north"
            earned = is_enrolled * sum(
                day.xp for day in days if day.pupil is pupil and day.on == on
            )
            is_school_day = on.weekday() < 5
            past = "met" if earned >= GOAL_XP else "behind" if earned else "not_started"
            status = STATUS[pupil.pace] if ago == 0 else past
            status = status if is_enrolled else "no_goal"
            rows.append(
                {
                    "student_id": pupil.student_id,
                    "school_id": pupil.school_id,
                    "local_on": on,
                    "subject": "All",
                    "goal_xp": GOAL_XP if is_school_day and is_enrolled else None,
                    "goal_source": "school",
                    "earned_xp": earned,
                    "status": status if is_school_day else "no_school",
                    "is_in_term": True,
                    "is_school_day": is_school_day,
                    "streak_days": 0,
                    "restated_at": _restated_at(pupil.student_id, on, as_of),
                }
            )
    return rows


def _mastery(days: list[StudentDay]) -> Rows:
    rows = []
    for pupil in PUPILS:
        for course in COURSES:
            for number in range(1, LESSONS + 1):
                worked = [
                    day
                    for day in days
                    if (day.pupil, day.course, day.lesson) == (pupil, course, number)
                ]
                items = sum(day.questions for day in worked)
                correct = sum(day.correct for day in worked)
                ratio = correct / items if items else None
                state = "not_started" if ratio is None else "practicing"
                if ratio is not None and ratio >= 0.8:
                    state = "mastered" if number < LESSONS // 2 else "proficient"
                rows.append(
                    {
                        "student_id": pupil.student_id,
                        "school_id": pupil.school_id,
                        "client_id": course.client_id,
                        "course_id": course.course_id,
                        "lesson_id": f"{course.course_id}-l{number}",
                        "subject": course.subject,
                        "mastery_state": state,
                        "best_score_ratio": ratio,
                        "latest_score_ratio": ratio,
                        "item_count": items,
                        "correct_count": correct,
                        "attempt_count": len(worked),
                        "is_struggling": pupil.pace == "slow" and number == LESSONS,
                        "last_ten_ratio": 0.4 if pupil.pace == "slow" else ratio,
                        "last_ten_count": min(items, 10),
                        "active_seconds": sum(day.active_seconds for day in worked),
                        "last_activity_at": max((d.started_at for d in worked), default=None),
                        "first_mastered_on": worked[-1].on if state == "mastered" else None,
                    }
                )
    return rows


def _placement(pupil: Pupil, course: Course) -> dict[str, Any]:
    lesson = f"{course.course_id}-l"
    return {
        "student_id": pupil.student_id,
        "client_id": course.client_id,
        "course_id": course.course_id,
        "lesson_count": LESSONS,
        "mastered_count": 2,
        "proficient_count": 3,
        "gap_lesson_ids": [f"{lesson}1"],
        "next_lesson_id": f"{lesson}4",
        "ahead_lesson_ids": [],
    }


def _flags(as_of: datetime) -> Rows:
    flags: list[tuple[str, str, float, float, int, str, str | None]] = []
    for pupil in PUPILS:
        if pupil.pace == "absent":
            flags.append((pupil.student_id, "no_events", 3, 2, 3, "school_days", None))
        if pupil.pace == "slow":
            flags.append((pupil.student_id, "low_accuracy", 0.4, 0.7, 25, "answers", None))
            lesson = f"{COURSES[0].course_id}-l{LESSONS}"
            flags.append((pupil.student_id, "struggling_lesson", 0.4, 0.5, 10, "answers", lesson))
    names = (
        "student_id",
        "reason",
        "measured",
        "threshold",
        "evidence_count",
        "evidence_unit",
        "lesson_id",
    )
    return [{**dict(zip(names, flag, strict=True)), "flagged_on": as_of.date()} for flag in flags]


def events(as_of: datetime) -> dict[str, Rows]:
    """Verdicts of each student-day's events, and some that were refused or wait."""
    verdicts = []
    for seq, day in enumerate(student_days(as_of), start=1):
        for index, kind in enumerate(("SessionEvent", "AssessmentItemEvent", "GradeEvent")):
            verdicts.append(_verdict(day, seq, index, kind, "accepted", None))
        if day.pupil.pace == "slow":
            verdicts.append(_verdict(day, seq, 3, "GradeEvent", "rejected", "invalid_score"))
            verdicts.append(_verdict(day, seq, 4, "GradeEvent", "quarantined", "unknown_lesson"))
            verdicts.append(_verdict(day, seq, 5, "NavigationEvent", "unprocessed", None))
    verdicts += [_of_nobody(as_of, seq) for seq in range(3)]
    counts = (
        pl.DataFrame(verdicts, infer_schema_length=None)
        .group_by(
            "client_id",
            pl.col("received_at").dt.date().alias("received_on"),
            "event_type",
            "partner_verdict",
            "partner_reason",
        )
        .agg(pl.len().alias("event_count"), pl.col("received_at").max().alias("last_received_at"))
    )
    return {"fct_event_verdicts": verdicts, "agg_client_day__verdicts": counts.to_dicts()}


def _of_nobody(as_of: datetime, number: int) -> dict[str, Any]:
    """An event of the first app about a student whom the roster does not know."""
    day = student_days(as_of)[0]
    row = _verdict(day, 900_000 + number, 0, "GradeEvent", "quarantined", "unknown_student")
    at = as_of - timedelta(hours=1)
    return row | {
        "event_id": f"nobody-{number}",
        "student_id": None,
        "occurred_at": at,
        "received_at": at,
    }


def _verdict(
    day: StudentDay, seq: int, index: int, event_type: str, verdict: str, reason: str | None
) -> dict[str, Any]:
    at = day.started_at + timedelta(minutes=index)
    return {
        "journal_seq": seq,
        "event_index": index,
        "receipt_id": str(UUID(int=seq)),
        "client_id": day.course.client_id,
        "app_id": day.course.client_id,
        "event_id": f"e-{day.key}-{index}",
        "event_type": event_type,
        "action": "Graded",
        "occurred_at": at,
        "received_at": at,
        "load_id": seq,
        "student_id": day.pupil.student_id,
        "course_id": day.course.course_id,
        "verdict": verdict,
        "reason": reason,
        "error_path": "$.generated.scoreGiven" if reason == "invalid_score" else None,
        "message": "The score is not a number." if reason == "invalid_score" else None,
        "partner_verdict": verdict,
        "partner_reason": reason,
    }
