"""The entities that events name, as Caliper 1.2 writes them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from core.simulation.moments import Attempt, Moment, Sitting

ORIGIN = "https://timeback.example"


def stamp(at: datetime) -> str:
    """ISO 8601 in UTC with milliseconds (Caliper 1.2, DateTime)."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def student_ref(sitting: Sitting) -> str:
    """The student as the app writes them: ReadWell by URL, the others by sourcedId."""
    user_id = sitting.student.person.user_id
    return f"{ORIGIN}/users/{user_id}" if sitting.app.key == "readwell" else user_id


def assignable_of(moment: Moment, attempt: Attempt) -> dict[str, Any]:
    """The practice set or quiz that an attempt is at."""
    kind = "quiz" if attempt.is_quiz else "set"
    return {
        "id": f"{moment.sitting.app.home}/{kind}/{attempt.lesson.lesson_id}",
        "type": "Assessment" if attempt.is_quiz else "AssignableDigitalResource",
        "name": f"{attempt.lesson.title}: {'quiz' if attempt.is_quiz else 'practice'}",
    }


def whole_attempt(moment: Moment, attempt: Attempt) -> dict[str, Any]:
    """The attempt as a whole (Caliper 1.2, Attempt)."""
    assignable = assignable_of(moment, attempt)
    student = moment.sitting.student.person.user_id
    return {
        "id": f"{assignable['id']}/{student}/attempts/{attempt.number}",
        "type": "Attempt",
        "assignee": student_ref(moment.sitting),
        "assignable": assignable,
        "count": attempt.number,
        "startedAtTime": stamp(attempt.started_at),
    }


def item_ref(moment: Moment, attempt: Attempt) -> str:
    """The id of the moment's question."""
    return f"{assignable_of(moment, attempt)['id']}/items/{moment.item}"


def item_of(moment: Moment, attempt: Attempt) -> dict[str, Any]:
    """The moment's question (Caliper 1.2, AssessmentItem)."""
    return {
        "id": item_ref(moment, attempt),
        "type": "AssessmentItem",
        "name": f"{attempt.lesson.title}, question {moment.item}",
        "isPartOf": assignable_of(moment, attempt),
        "maxScore": 1.0,
    }


def item_attempt(moment: Moment, attempt: Attempt) -> dict[str, Any]:
    """The attempt at one question, part of the attempt as a whole."""
    whole = whole_attempt(moment, attempt)
    return {
        "id": f"{whole['id']}/items/{moment.item}",
        "type": "Attempt",
        "assignee": whole["assignee"],
        "assignable": item_ref(moment, attempt),
        "isPartOf": whole["id"],
        "count": attempt.number,
        "startedAtTime": stamp(moment.at - timedelta(seconds=moment.seconds)),
    }


def session_of(sitting: Sitting) -> dict[str, Any]:
    """The session (Caliper 1.2, Session)."""
    return {
        "id": f"urn:uuid:{sitting.session_id}",
        "type": "Session",
        "user": student_ref(sitting),
        "startedAtTime": stamp(sitting.started_at),
    }
