"""What happened on the small school's Thursday: XP, time, grades, mastery, verdicts."""

from datetime import date, timedelta
from typing import Any

from tests.api.people import Partners
from tests.api.school import DAY, RECEIPT, Rows, clock, dimensions, raw, worlds

SECOND_APP = "reader-2"  # of the reading partner
BETWEEN_TERMS = date(2025, 12, 24)
ANA = {"student_id": "ana", "school_id": "maple"}
BEN = {"student_id": "ben", "school_id": "maple"}
CAI = {"student_id": "cai", "school_id": "cedar"}


def activity(partners: Partners) -> dict[str, Rows]:
    """Ana: 20 min of reading, of which 5 overlap with maths; late at night 10 min, over midnight.

    The union gives the overlap to maths, so reading counts 15 of its own 20 minutes. In 10 of them
    its partner's second app was open too: they count once for that partner.
    """
    world = worlds(partners)

    def ledger(entry: str, who: dict[str, str], what: str, xp: float, at: Any, **more: Any) -> Any:
        return {
            "entry_id": entry,
            **who,
            **world[what],
            "xp": xp,
            "kind": "earn",
            "status": "credited",
            "earned_at": at,
            "earned_on": DAY,
            "is_review": False,
            "source_event_id": f"event-{entry}",
            "enrollment_id": f"{who['student_id']}-{what[0]}",
            "review_reason": None,
            "review_xp": None,
            "review_active_minutes": None,
            **more,
        }

    def segment(
        name: str, what: str, start: Any, minutes: int, *, counts: bool = True, **more: Any
    ) -> Any:
        return {
            "segment_id": name,
            "session_id": f"session-{what}",
            **ANA,
            **world[what],
            "state": "active",
            "started_at": start,
            "ended_at": start + timedelta(minutes=minutes),
            "local_on": DAY,
            "seconds": minutes * 60.0,
            "is_counted": counts,
            "is_counted_for_client": True,
            **more,
        }

    def day(who: dict[str, str], what: str, xp: float, own: int, counted: int, **more: Any) -> Any:
        figures = {
            "total_questions": 0,
            "correct_questions": 0,
            "scored_questions": 0,
            "mastered_lessons": 0,
            "idle_seconds": 0.0,
            "own_idle_seconds": 0.0,
            "client_idle_seconds": 0.0,
            "client_active_seconds": own * 60.0,
        }
        return {
            **who,
            "local_on": DAY,
            **world[what],
            "xp": xp,
            "credited_xp": xp,
            **figures,
            "own_active_seconds": own * 60.0,
            "active_seconds": counted * 60.0,
            "event_count": 3,
            **more,
        }

    def session(what: str, start: Any, minutes: int) -> Any:
        return {
            "session_id": f"session-{what}",
            "session_ref": f"ref-{what}",
            "piece": 1,
            **ANA,
            "client_id": world[what]["client_id"],
            "app_id": world[what]["app_id"],
            "started_at": start,
            "ended_at": start + timedelta(minutes=minutes),
            "started_on": DAY,
            "end_reason": "logged_out",
            "time_quality": "bracketed",
            "session_seconds": minutes * 60.0,
            "active_seconds": minutes * 60.0,
            "idle_seconds": 0.0,
            "is_flagged": False,
            "is_implicit": False,
            "event_count": 3,
        }

    return {
        "fct_xp_ledger": [
            ledger("x1", ANA, "reading", 20, clock(15, 10)),
            ledger(
                "x2",
                ANA,
                "maths",
                12.5,
                clock(15, 30),
                is_review=True,
                review_reason="over_active_time",
                review_xp=12.5,
                review_active_minutes=5.0,
            ),
            ledger("x3", ANA, "reading", -5, clock(5, 30, day=16), kind="reverse"),
            ledger("x4", BEN, "reading", 7, clock(16)),
            ledger("x5", CAI, "maths", 9, clock(18)),
        ],
        "fct_activity_segments": [
            segment("s1", "reading", clock(15), 15),
            segment("s2", "reading", clock(15, 15), 5, counts=False),
            segment(
                "s2b",
                "reading",
                clock(15, 5),
                10,
                counts=False,
                app_id=SECOND_APP,
                session_id="session-second",
                is_counted_for_client=False,
            ),
            segment("s3", "maths", clock(15, 15), 20),
            segment("s4", "reading", clock(4, 55, day=16), 10),
        ],
        "agg_student_day_lesson__activity": [
            day(
                ANA,
                "reading",
                15,
                own=30,
                counted=25,
                total_questions=1,
                scored_questions=1,
                correct_questions=1,
                mastered_lessons=1,
            ),
            day(
                ANA,
                "reading",
                0,
                own=10,
                counted=0,
                client_active_seconds=0.0,
                app_id=SECOND_APP,
                event_count=0,
            ),
            day(ANA, "maths", 12.5, own=20, counted=20),
            day(BEN, "reading", 7, own=10, counted=10),
            day(CAI, "maths", 9, own=10, counted=10),
        ],
        "fct_sessions": [session("reading", clock(15), 20), session("maths", clock(15, 15), 20)],
    }


def standing(partners: Partners) -> dict[str, Rows]:
    """Goals, flags, grades and mastery."""
    world = worlds(partners)
    result: dict[str, Any] = {
        "result_id": "res-1",
        "line_item_id": "line-r",
        **ANA,
        **world["reading"],
        "class_id": "class-r",
        "attempt_key": "att-1",
        "attempt_number": 1,
        "score_type": "SCORE",
        "score_given": 8.0,
        "max_score": 10.0,
        "score_percent": 80.0,
        "is_xp": False,
        "score_status": "fully graded",
        "is_in_progress": False,
        "is_above_max": False,
        "scored_at": clock(15, 10),
        "scored_on": DAY,
        "item_count": 10,
        "correct_count": 8,
        "is_first": True,
        "is_latest": False,
        "is_best": False,
        "is_policy": False,
        "source_event_id": "event-g1",
        "comment": None,
    }
    better: dict[str, Any] = {
        **result,
        "result_id": "res-2",
        "attempt_key": "att-2",
        "attempt_number": 2,
        "score_given": 9.0,
        "score_percent": 90.0,
        "scored_at": clock(15, 18),
        "is_first": False,
        "is_latest": True,
        "is_best": True,
        "is_policy": True,
    }
    sums: dict[str, Any] = {
        **better,
        **world["maths"],
        "result_id": "res-3",
        "line_item_id": "line-m",
        "attempt_key": "att-3",
        "class_id": "class-m",
    }
    items: Rows = [
        {
            "line_item_id": f"line-{what[0]}",
            "assessed_ref": f"{what}-quiz",
            "title": None,
            "score_type": "SCORE",
            "max_score": 10.0,
            "is_xp": False,
            **world[what],
        }
        for what in ("reading", "maths")
    ]
    for extra in ("school_id", "app_id", "subject"):
        for row in (result, better, sums, *items):
            if extra != "app_id" or row in items:
                row.pop(extra, None)
    mastery = {
        **ANA,
        "mastery_state": "mastered",
        "best_score_ratio": 0.9,
        "latest_score_ratio": 0.9,
        "item_count": 20,
        "correct_count": 17,
        "attempt_count": 2,
        "last_ten_ratio": 0.9,
        "last_ten_count": 10,
        "is_struggling": False,
        "first_mastered_at": clock(15, 18),
        "first_mastered_on": DAY,
        "last_activity_at": clock(15, 18),
        "p_known": 0.97,
        "active_seconds": 1500.0,
    }
    placement = {
        "student_id": "ana",
        "lesson_count": 2,
        "mastered_count": 1,
        "proficient_count": 1,
        "gap_lesson_ids": [],
        "ahead_lesson_ids": [],
    }
    lessons = [
        {key: part for key, part in {**mastery, **world[what]}.items() if key != "app_id"}
        for what in ("reading", "maths")
    ]
    return {
        "dim_line_items": items,
        "fct_assessment_results": [result, better, sums],
        "fct_item_responses": [
            {
                "response_id": "i1",
                "student_id": "ana",
                **world["reading"],
                "item_ref": "q1",
                "item_title": "Which is larger?",
                "answered_at": clock(15, 5),
                "answered_on": DAY,
                "is_scored": True,
                "is_correct": True,
                "score_given": 1.0,
                "max_score": 1.0,
            }
        ],
        "fct_lesson_mastery": lessons,
        "fct_mastery_evidence": [
            {
                "student_id": "ana",
                "client_id": world[what]["client_id"],
                "lesson_id": world[what]["lesson_id"],
                "attempt_key": key,
                "assessed_ref": f"{what}-quiz",
                "item_count": 10,
                "correct_count": correct,
                "score_ratio": correct / 10,
                "is_unfinished": False,
                "is_mastering": correct == 9,
                "first_evidence_at": at,
                "evidence_at": at,
                "evidence_on": DAY,
            }
            for what in ("reading", "maths")
            for key, correct, at in (("att-1", 8, clock(15, 10)), ("att-2", 9, clock(15, 18)))
        ],
        "fct_course_placement": [
            {
                **placement,
                "client_id": world[what]["client_id"],
                "course_id": world[what]["course_id"],
                "next_lesson_id": f"{what[0]}2",
            }
            for what in ("reading", "maths")
        ],
        "fct_daily_goals": [
            {
                **ANA,
                "local_on": DAY,
                "subject": "All",
                "goal_xp": 120,
                "goal_source": "default",
                "earned_xp": 27.5,
                "status": "behind",
                "is_in_term": True,
                "is_school_day": True,
                "streak_days": 0,
            },
            {
                **ANA,
                "local_on": BETWEEN_TERMS,
                "subject": "All",
                "goal_xp": None,
                "goal_source": None,
                "earned_xp": 0,
                "status": "no_school",
                "is_in_term": False,
                "is_school_day": False,
                "streak_days": 0,
            },
        ],
        "fct_off_track_flags": [
            {
                **ANA,
                "flagged_on": DAY,
                "reason": "goal_missed",
                "measured": 3.0,
                "threshold": 3.0,
                "evidence_count": 5,
                "evidence_unit": "school_days",
                "lesson_id": None,
            }
        ],
    }


def engagement(partners: Partners) -> dict[str, Rows]:
    """Ana's view, question and abandoned assignment; what all answers to a question say of it."""
    world = worlds(partners)

    def fact(name: str, what: str, kind: str, state: str, minute: int, **more: Any) -> Any:
        return {
            "fact_id": name,
            "fact_type": kind,
            "student_id": "ana",
            **world[what],
            "session_id": f"session-{what}",
            "object_ref": name,
            "object_name": None,
            "started_at": clock(15, minute - 1),
            "ended_at": clock(15, minute),
            "local_on": DAY,
            "seconds": 60.0,
            "state": state,
            "is_correct": None,
            "score_given": None,
            "max_score": None,
            "source_event_id": f"event-{name}",
            **more,
        }

    def item(name: str, what: str, count: int, difficulty: float, tells: float | None) -> Any:
        place = {key: world[what][key] for key in ("client_id", "course_id", "lesson_id")}
        return {
            "item_ref": name,
            "item_title": f"Item {name}",
            **place,
            "response_count": count,
            "difficulty": difficulty,
            "discrimination": tells,
        }

    return {
        "fct_engagement": [
            fact("f1", "reading", "view", "viewed", 2),
            fact(
                "f2",
                "reading",
                "question",
                "answered",
                5,
                object_ref="q1",
                is_correct=True,
                score_given=1.0,
                max_score=1.0,
                source_event_id="event-x1",
            ),
            fact("f3", "maths", "assignment", "abandoned", 20),
        ],
        "dim_items": [
            item("q1", "reading", 40, 0.75, 0.4),
            item("q2", "reading", 3, 1.0, None),
            item("q9", "maths", 30, 0.5, 0.2),
        ],
    }


def verdicts(partners: Partners) -> dict[str, Rows]:
    """One event of each verdict; Zoe's is accepted, but no partner may know that she exists."""

    def row(index: int, what: str, verdict: str, **more: Any) -> dict[str, Any]:
        merged = {
            "journal_seq": 1,
            "event_index": index,
            "receipt_id": str(RECEIPT),
            "load_id": 1,
            **worlds(partners)[what],
            "event_id": f"event-{index}",
            "event_type": "GradeEvent",
            "action": "Graded",
            "occurred_at": clock(15, index),
            "received_at": clock(15, index),
            "student_id": "ana",
            "verdict": verdict,
            "partner_verdict": verdict,
            "reason": None,
            "partner_reason": None,
            "warning": None,
            "partner_warning": None,
            "error_path": None,
            "message": None,
            "winner_event_journal_seq": None,
            "session_id": None,
            **more,
        }
        del merged["subject"]
        return merged

    hidden = {"partner_verdict": "quarantined", "partner_reason": "student_not_enrolled"}
    return {
        "fct_event_verdicts": [
            row(1, "reading", "accepted", event_id="event-x1", session_id="session-reading"),
            row(2, "reading", "duplicate", event_id="event-x1", winner_event_journal_seq=1),
            row(
                3,
                "reading",
                "quarantined",
                reason="unknown_lesson",
                partner_reason="unknown_lesson",
                lesson_id=None,
            ),
            row(
                4,
                "reading",
                "rejected",
                event_id=None,
                reason="missing_id",
                event_type=None,
                partner_reason="missing_id",
                error_path="$.data[4].id",
                message="id is missing",
                student_id=None,
            ),
            row(5, "reading", "accepted", student_id="zoe", **hidden),
            row(6, "reading", "quarantined", student_id=None, reason="unknown_student", **hidden),
            row(7, "maths", "accepted", event_id="event-x2"),
        ]
    }


def whole_school(partners: Partners) -> dict[str, Rows]:
    """Every table of the small school, raw and marts."""
    return (
        dimensions(partners)
        | raw(partners)
        | activity(partners)
        | standing(partners)
        | engagement(partners)
        | verdicts(partners)
    )
