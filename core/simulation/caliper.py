"""Moments as Caliper 1.2 events: one JSON object each, as its app would send it.

The three apps differ as real ones do: ReadWell names students by URL and writes correctness in
`generated.extensions`; NumberPath names them by sourcedId and writes it in `extensions`; SparkLab
scores practice in `generated`, lets its grader be the actor of GradeEvents (Caliper 1.2, Grading
Profile) and grades each question of a quiz with an event of its own.
"""

from datetime import datetime
from typing import Any

from core.simulation import entities
from core.simulation.chance import uuid_of
from core.simulation.moments import Attempt, Moment

CONTEXT = "http://purl.imsglobal.org/ctx/caliper/v1p2"

_TYPES = {
    "logged_in": ("SessionEvent", "LoggedIn", "SessionProfile"),
    "logged_out": ("SessionEvent", "LoggedOut", "SessionProfile"),
    "timed_out": ("SessionEvent", "TimedOut", "SessionProfile"),
    "viewed": ("ViewEvent", "Viewed", "ReadingProfile"),
    "set_started": ("AssignableEvent", "Started", "AssignableProfile"),
    "set_completed": ("AssignableEvent", "Completed", "AssignableProfile"),
    "item_started": ("AssessmentItemEvent", "Started", "AssessmentProfile"),
    "item_completed": ("AssessmentItemEvent", "Completed", "AssessmentProfile"),
    "item_graded": ("GradeEvent", "Graded", "GradingProfile"),
    "quiz_started": ("AssessmentEvent", "Started", "AssessmentProfile"),
    "quiz_submitted": ("AssessmentEvent", "Submitted", "AssessmentProfile"),
    "graded": ("GradeEvent", "Graded", "GradingProfile"),
    "xp_earned": ("GradeEvent", "Graded", "GradingProfile"),
}


def envelope(app_home: str, sent_at: datetime, events: list[dict[str, Any]]) -> dict[str, Any]:
    """The Caliper envelope around a batch (Caliper 1.2, Sensor API)."""
    return {
        "sensor": f"{app_home}/sensors/1",
        "sendTime": entities.stamp(sent_at),
        "dataVersion": CONTEXT,
        "data": events,
    }


def event(moment: Moment) -> dict[str, Any]:
    """The event that stands for the moment; the same moment always has the same id."""
    type_, action, profile = _TYPES[moment.kind]
    sitting = moment.sitting
    home = sitting.app.home
    built: dict[str, Any] = {
        "@context": CONTEXT,
        "id": event_id(moment),
        "type": type_,
        "profile": profile,
        "actor": _actor(moment),
        "action": action,
        "object": _object(moment),
        "eventTime": entities.stamp(moment.at),
        "edApp": {"id": home, "type": "SoftwareApplication", "name": sitting.app.name},
        "group": {
            "id": f"{home}/courses/{sitting.course.course_id}",
            "type": "CourseOffering",
            "name": sitting.course.title,
        },
        "session": entities.session_of(sitting),
        "extensions": _extensions(moment),
    }
    generated = _generated(moment)
    if generated is not None:
        built["generated"] = generated
    return built


def event_id(moment: Moment) -> str:
    """`urn:uuid:…`, a pure function of what happened, to whom and when."""
    attempt = moment.attempt.number if moment.attempt else 0
    identity = uuid_of(
        moment.kind, moment.sitting.session_id, moment.at.isoformat(), attempt, moment.item
    )
    return f"urn:uuid:{identity}"


def _actor(moment: Moment) -> dict[str, Any]:
    sitting = moment.sitting
    by_grader = sitting.app.key == "sparklab" and _TYPES[moment.kind][0] == "GradeEvent"
    if by_grader:
        return {"id": f"{sitting.app.home}/grader", "type": "SoftwareApplication"}
    if moment.kind == "timed_out":
        return {"id": sitting.app.home, "type": "SoftwareApplication"}
    return {"id": entities.student_ref(sitting), "type": "Person"}


def _object(moment: Moment) -> dict[str, Any]:
    sitting = moment.sitting
    home = sitting.app.home
    attempt = moment.attempt
    if moment.kind in {"logged_in", "logged_out"}:
        return {"id": home, "type": "SoftwareApplication"}
    if moment.kind == "timed_out":
        seconds = (moment.at - sitting.started_at).total_seconds()
        ended = {"endedAtTime": entities.stamp(moment.at), "duration": f"PT{seconds:.0f}S"}
        return entities.session_of(sitting) | ended
    if attempt is None:
        media = "VideoObject" if sitting.app.key == "numberpath" else "Document"
        return {
            "id": f"{home}/content/{moment.lesson.lesson_id}",
            "type": media,
            "name": moment.lesson.title,
        }
    if moment.kind in {"graded", "xp_earned"}:
        return entities.whole_attempt(moment, attempt)
    if moment.kind == "item_graded":
        return entities.item_attempt(moment, attempt)
    return (
        entities.item_of(moment, attempt)
        if moment.item
        else entities.assignable_of(moment, attempt)
    )


def _generated(moment: Moment) -> dict[str, Any] | None:
    attempt = moment.attempt
    if attempt is None:
        return None
    if moment.kind in {"graded", "xp_earned", "item_graded"}:
        return _score(moment, attempt)
    if moment.kind == "item_completed":
        response: dict[str, Any] = {
            "id": f"{entities.item_attempt(moment, attempt)['id']}/response",
            "type": "MultipleChoiceResponse",
            "attempt": entities.item_attempt(moment, attempt),
            "startedAtTime": entities.stamp(attempt.started_at),
            "endedAtTime": entities.stamp(moment.at),
        }
        if moment.sitting.app.key == "readwell":
            response["extensions"] = {"correct": moment.score >= moment.max_score}
        elif moment.sitting.app.key == "sparklab" and not attempt.is_quiz:
            response |= {"scoreGiven": moment.score, "maxScore": moment.max_score}
        return response
    if moment.item:
        return entities.item_attempt(moment, attempt)
    done = {"endedAtTime": entities.stamp(moment.at)} if moment.seconds else {}
    if moment.kind == "set_completed" and moment.sitting.course.subject == "Typing":
        done["duration"] = f"PT{moment.seconds:.0f}S"  # SparkLab measures keys, not clocks
    return entities.whole_attempt(moment, attempt) | done


def _score(moment: Moment, attempt: Attempt) -> dict[str, Any]:
    kinds = {"xp_earned": "XP", "graded": "SCORE", "item_graded": "QUESTION_RESULT"}
    describe = entities.item_attempt if moment.item else entities.whole_attempt
    about = describe(moment, attempt)
    given = moment.score + 1 if moment.flaw == "changed_score" else moment.score
    score: dict[str, Any] = {
        "id": f"{about['id']}/scores/{kinds[moment.kind].lower()}",
        "type": "Score",
        "attempt": about["id"],
        "scoreType": kinds[moment.kind],
        "scoreGiven": str(given) if moment.flaw == "text_score" else given,
        "scoredBy": f"{moment.sitting.app.home}/grader",
    }
    if moment.kind != "xp_earned":
        score["maxScore"] = moment.max_score
    return score


def _extensions(moment: Moment) -> dict[str, Any]:
    lesson_id = moment.lesson.lesson_id
    extensions: dict[str, Any] = {"course": {"id": moment.sitting.course.course_id}}
    if moment.flaw == "unknown_lesson":
        lesson_id = f"{lesson_id}-draft"
    if moment.flaw != "no_lesson":
        extensions["lesson"] = {"id": lesson_id}
    if moment.kind == "item_completed" and moment.sitting.app.key == "numberpath":
        extensions["correct"] = moment.score >= moment.max_score
    if moment.kind == "quiz_submitted":
        extensions["totalQuestions"] = int(moment.max_score)
        extensions["correctQuestions"] = int(moment.score)
    return extensions
