"""The marts of the matrix: one of every row for each student and app, named by the two."""

import json
from datetime import timedelta
from uuid import UUID, uuid5

from tests.api.school import DAY, Rows, clock
from tests.matrix.registry import CLASSES, COURSES, ENROLLMENTS, STUDENTS, Clients, name_of

PAIRS = [
    ("stu-ana", "reading"),
    ("stu-ana", "maths"),
    ("stu-ben", "reading"),
    ("stu-eve", "reading"),
    ("stu-dan", "reading"),
    ("stu-cai", "maths"),
    ("stu-sam", "trial"),
    ("stu-zoe", "reading"),  # whose enrollment is missing: reading must not learn that she exists
]
GHOST = ("stu-ghost", "reading")  # an event about nobody
ZONES = {"maple": "America/Chicago", "cedar": "America/Chicago", "partner-sandbox": "UTC"}


def key(student: str, app: str) -> str:
    """The mark of a pair in the ids of its rows."""
    return f"{student}~{app}"


def receipt(student: str, app: str) -> str:
    """The receipt of a pair's event."""
    return str(uuid5(UUID(int=1), key(student, app)))


def event_id(student: str, app: str) -> str:
    """The id of a pair's event; it does not name the student."""
    return f"ev-{receipt(student, app)[:8]}"


def _pair(clients: Clients, number: int, student: str, app: str) -> dict[str, Rows]:
    mark, course = key(student, app), COURSES[app]
    lesson, client_id = f"lesson-{course[-1]}", clients.of(app)
    at = clock(15, number)
    who = {"student_id": student, "client_id": client_id}
    place = {"course_id": course, "lesson_id": lesson}
    app_id = {"app_id": f"app-{app}"}
    subject = {"subject": app.title()}
    source = {"source_event_id": event_id(student, app)}
    enrollment = f"enr-{student[4:]}-{course[-1]}"
    is_pending = enrollment not in ENROLLMENTS
    counts = {"item_count": 10, "correct_count": 9}
    return {
        "fct_xp_ledger": [
            {
                "entry_id": f"xp-{mark}",
                **who,
                **app_id,
                **place,
                **subject,
                **source,
                "xp": 10.0,
                "kind": "earn",
                "status": "pending_enrollment" if is_pending else "credited",
                "earned_at": at,
                "earned_on": DAY,
                "is_review": False,
                "enrollment_id": None if is_pending else enrollment,
            }
        ],
        "fct_sessions": [
            {
                "session_id": f"session-{mark}",
                "session_ref": f"ref-{mark}",
                "piece": 1,
                **who,
                **app_id,
                "started_at": at,
                "ended_at": at + timedelta(minutes=9),
                "started_on": DAY,
                "end_reason": "logged_out",
                "time_quality": "bracketed",
                "session_seconds": 540.0,
                "active_seconds": 540.0,
                "idle_seconds": 0.0,
                "is_flagged": False,
                "is_implicit": False,
                "event_count": 3,
            }
        ],
        "fct_activity_segments": [
            {
                "segment_id": f"segment-{mark}",
                "session_id": f"session-{mark}",
                **who,
                **app_id,
                **place,
                **subject,
                "state": "active",
                "started_at": at,
                "ended_at": at + timedelta(minutes=9),
                "local_on": DAY,
                "seconds": 540.0,
                "is_counted": True,
                "is_counted_for_client": True,
            }
        ],
        "agg_student_day_lesson__activity": [
            {
                **who,
                "local_on": DAY,
                **app_id,
                **place,
                **subject,
                "xp": 10.0,
                "credited_xp": 10.0,
                "total_questions": 1,
                "correct_questions": 1,
                "scored_questions": 1,
                "mastered_lessons": 1,
                "active_seconds": 540.0,
                "idle_seconds": 0.0,
                "client_active_seconds": 540.0,
                "client_idle_seconds": 0.0,
                "own_active_seconds": 540.0,
                "own_idle_seconds": 0.0,
                "event_count": 3,
            }
        ],
        "fct_assessment_results": [
            {
                "result_id": f"result-{mark}",
                "line_item_id": f"line-{mark}",
                **who,
                **app_id,
                **place,
                "class_id": f"class-{course[-1]}",
                "attempt_key": f"attempt-{mark}",
                "attempt_number": 1,
                "score_type": "SCORE",
                "score_given": 9.0,
                "max_score": 10.0,
                "score_percent": 90.0,
                "score_status": "fully graded",
                "is_in_progress": False,
                "is_above_max": False,
                "is_xp": False,
                "scored_at": at,
                "scored_on": DAY,
                **counts,
                "is_first": True,
                "is_latest": True,
                "is_best": True,
                "is_policy": True,
                **source,
            }
        ],
        "dim_line_items": [
            {
                "line_item_id": f"line-{mark}",
                "client_id": client_id,
                **place,
                "assessed_ref": f"quiz-{mark}",
                "title": f"quiz-{mark}",
                "score_type": "SCORE",
                "max_score": 10.0,
                "is_xp": False,
            }
        ],
        "fct_item_responses": [
            {
                "response_id": f"response-{mark}",
                **who,
                **app_id,
                **place,
                **subject,
                "item_ref": f"item-{mark}",
                "item_title": f"Item {mark}",
                "attempt_key": f"attempt-{mark}",
                "assessed_ref": f"quiz-{mark}",
                "answered_at": at,
                "answered_on": DAY,
                "is_scored": True,
                "is_correct": True,
                "score_given": 1.0,
                "max_score": 1.0,
                **source,
            }
        ],
        "dim_items": [
            {
                "item_ref": f"item-{mark}",
                "item_title": f"Item {mark}",
                "client_id": client_id,
                **place,
                "response_count": 1,
                "difficulty": 1.0,
                "discrimination": None,
            }
        ],
        "fct_lesson_mastery": [
            {
                **who,
                **place,
                **subject,
                "mastery_state": "mastered",
                "best_score_ratio": 0.9,
                "latest_score_ratio": 0.9,
                **counts,
                "attempt_count": 1,
                "last_ten_ratio": 0.9,
                "last_ten_count": 10,
                "is_struggling": False,
                "first_mastered_at": at,
                "first_mastered_on": DAY,
                "last_activity_at": at,
                "p_known": 0.9,
                "active_seconds": 540.0,
            }
        ],
        "fct_mastery_evidence": [
            {
                **who,
                "lesson_id": lesson,
                "attempt_key": f"attempt-{mark}",
                "assessed_ref": f"quiz-{mark}",
                **counts,
                "score_ratio": 0.9,
                "is_unfinished": False,
                "is_mastering": True,
                "first_evidence_at": at,
                "evidence_at": at,
                "evidence_on": DAY,
            }
        ],
        "fct_course_placement": [
            {
                **who,
                "course_id": course,
                "lesson_count": 1,
                "mastered_count": 1,
                "proficient_count": 1,
                "gap_lesson_ids": [],
                "next_lesson_id": None,
                "ahead_lesson_ids": [],
            }
        ],
        "fct_engagement": [
            {
                "fact_id": f"fact-{mark}",
                "fact_type": "view",
                **who,
                **app_id,
                **place,
                **subject,
                "session_id": f"session-{mark}",
                "object_ref": f"page-{mark}",
                "started_at": at,
                "ended_at": at,
                "local_on": DAY,
                "seconds": 9.0,
                "state": "viewed",
                **source,
            }
        ],
        **_event(clients, number, student, app, is_hidden=is_pending, student_id=student),
    }


def _event(
    clients: Clients,
    number: int,
    student: str,
    app: str,
    *,
    is_hidden: bool,
    student_id: str | None,
) -> dict[str, Rows]:
    course = COURSES[app]
    is_known = student_id is not None
    hidden = {"partner_verdict": "quarantined", "partner_reason": "student_not_enrolled"}
    verdict = "accepted" if is_known else "quarantined"
    shown = {"partner_verdict": verdict, "partner_reason": None}
    seq = {"journal_seq": number, "event_index": 0, "receipt_id": receipt(student, app)}
    sent = {
        "client_id": clients.of(app),
        "event_id": event_id(student, app),
        "event_type": "GradeEvent",
        "action": "Graded",
    }
    return {
        "fct_event_verdicts": [
            {
                **seq,
                **sent,
                "load_id": 1,
                "app_id": f"app-{app}",
                "occurred_at": clock(15),
                "received_at": clock(16),
                "student_id": student_id,
                "verdict": verdict,
                "course_id": course,
                "lesson_id": f"lesson-{course[-1]}",
                "reason": None if is_known else "unknown_student",
                "session_id": f"session-{key(student, app)}" if is_known else None,
                **(hidden if is_hidden else shown),
            }
        ],
        "lake.raw.events": [
            {
                **seq,
                **sent,
                "load_id": 1,
                "day": DAY,
                "event_time": clock(15),
                "received_at": clock(16),
                "student_ref": student,
                "object_ref": "one",
                "payload": json.dumps({"id": event_id(student, app)}),
            }
        ],
    }


def whole(clients: Clients) -> dict[str, Rows]:
    """Every table of the matrix."""
    tables: dict[str, Rows] = {}
    parts = [_pair(clients, number, *pair) for number, pair in enumerate(PAIRS, start=1)]
    parts.append(_event(clients, 99, *GHOST, is_hidden=True, student_id=None))
    parts.append(_of_students())
    parts.append(_dimensions(clients))
    for part in parts:
        for table, rows in part.items():
            tables.setdefault(table, []).extend(rows)
    return tables


def _of_students() -> dict[str, Rows]:
    """What concerns a student over all apps."""
    return {
        "fct_daily_goals": [
            {
                "student_id": student,
                "local_on": DAY,
                "subject": "All",
                "school_id": school,
                "goal_xp": 120,
                "goal_source": "default",
                "earned_xp": 10,
                "status": "behind",
                "is_in_term": True,
                "is_school_day": True,
                "streak_days": 0,
            }
            for student, school in STUDENTS.items()
        ],
        "fct_off_track_flags": [
            {
                "student_id": student,
                "flagged_on": DAY,
                "school_id": school,
                "measured": 3.0,
                "reason": "goal_missed",
                "threshold": 3.0,
                "evidence_count": 5,
                "evidence_unit": "school_days",
                "lesson_id": None,
            }
            for student, school in STUDENTS.items()
        ],
    }


def _dimensions(clients: Clients) -> dict[str, Rows]:
    owners = {course: clients.of(app) for app, course in COURSES.items()}
    sandbox = {"partner-sandbox": clients.trial}
    return {
        "dim_students": [
            {
                "student_id": student,
                "given_name": name_of(student),
                "family_name": "Test",
                "email": f"{student}@school.example",
                "grade": "5",
                "school_id": school,
                "timezone": ZONES[school],
                "is_timezone_fallback": False,
                "is_sandbox": school in sandbox,
                "owner_client_id": sandbox.get(school),
                "is_active": student != "stu-dan",
            }
            for student, school in STUDENTS.items()
        ],
        "dim_schools": [
            {
                "school_id": school,
                "school_name": school.title(),
                "org_type": "school",
                "parent_org_id": "district",
                "timezone": zone,
                "is_active": True,
                "is_sandbox": school in sandbox,
            }
            for school, zone in ZONES.items()
        ],
        "dim_courses": [
            {
                "course_id": course,
                "course_title": course,
                "subject": app.title(),
                "client_id": clients.of(app),
                "is_active": True,
                "is_sandbox": app == "trial",
            }
            for app, course in COURSES.items()
        ],
        "dim_lessons": [
            {
                "lesson_id": f"lesson-{course[-1]}",
                "lesson_title": course,
                "lesson_position": 1,
                "unit_id": f"unit-{course[-1]}",
                "unit_title": "Unit",
                "course_id": course,
                "client_id": owner,
                "subject": "Reading",
                "is_active": True,
            }
            for course, owner in owners.items()
        ],
        "dim_classes": [
            {
                "class_id": class_id,
                "class_title": class_id,
                "course_id": course,
                "school_id": school,
                "is_active": "status" not in more,
                "is_sandbox": school in sandbox,
            }
            for class_id, (course, school, more) in CLASSES.items()
        ],
        "dim_enrollments": [
            {
                "enrollment_id": enrollment,
                "student_id": user,
                "class_id": class_id,
                "course_id": CLASSES[class_id][0],
                "client_id": owners[CLASSES[class_id][0]],
                "school_id": CLASSES[class_id][1],
                "role": role,
                "is_active": "status" not in more and "status" not in CLASSES[class_id][2],
            }
            for enrollment, (user, class_id, role, more) in ENROLLMENTS.items()
        ],
        "lake.raw.records": [
            {
                "load_id": 1,
                "record_seq": number,
                "record_type": "enrollment",
                "sourced_id": enrollment,
                "version": 1,
                "recorded_at": clock(12, day=2),
                "payload": json.dumps({"metadata": {"goals": {"dailyXp": 30}}}),
            }
            for number, enrollment in enumerate(ENROLLMENTS)
        ],
    }
