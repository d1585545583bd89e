"""One event of each type as a partner would send it: what the API reference shows."""

from typing import Any

CONTEXT = "http://purl.imsglobal.org/ctx/caliper/v1p2"
STUDENT = {"id": "urn:uuid:1f3ab0a4-2f6e-4c0d-9c55-0a5b1f1f7a10", "type": "Person"}
APP = {"id": "https://reader.example.org", "type": "SoftwareApplication", "name": "Reader"}
SESSION = {"id": "https://reader.example.org/sessions/812", "type": "Session"}
QUIZ = {"id": "https://reader.example.org/quizzes/7", "type": "Assessment", "name": "Main ideas"}
ATTEMPT = {
    "id": "https://reader.example.org/quizzes/7/attempts/55",
    "type": "Attempt",
    "assignable": QUIZ["id"],
    "count": 1,
}
PLACE = {"course": {"id": "reading-6"}, "lesson": {"id": "reading-6-main-ideas"}}


def _event(
    number: int, event_type: str, action: str, minute: int, **members: Any
) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "id": f"urn:uuid:6b1c9d1e-7c55-4f0a-8f43-9f2b2f0c5a{number:02d}",
        "type": event_type,
        "actor": STUDENT,
        "action": action,
        "eventTime": f"2026-01-15T15:{minute:02d}:00.000Z",
        "edApp": APP,
        "session": SESSION,
        "extensions": PLACE,
        **members,
    }


EXAMPLES: dict[str, dict[str, Any]] = {
    "SessionEvent": _event(1, "SessionEvent", "LoggedIn", 0, object=APP),
    "ViewEvent": _event(
        2,
        "ViewEvent",
        "Viewed",
        4,
        object={"id": "https://reader.example.org/texts/31", "type": "Document", "name": "Otters"},
        extensions={**PLACE, "duration": "PT3M20S"},
    ),
    "AssignableEvent": _event(3, "AssignableEvent", "Started", 5, object=QUIZ, generated=ATTEMPT),
    "AssessmentItemEvent": _event(
        4,
        "AssessmentItemEvent",
        "Completed",
        6,
        object={
            "id": "https://reader.example.org/quizzes/7/items/1",
            "type": "AssessmentItem",
            "isPartOf": QUIZ,
            "maxScore": 1,
        },
        generated={
            "id": "https://reader.example.org/quizzes/7/items/1/responses/9",
            "type": "Response",
            "attempt": {
                "id": "https://reader.example.org/quizzes/7/items/1/attempts/9",
                "type": "Attempt",
                "isPartOf": ATTEMPT["id"],
            },
            "extensions": {"correct": True},
        },
    ),
    "AssessmentEvent": _event(
        5,
        "AssessmentEvent",
        "Submitted",
        9,
        object=QUIZ,
        generated={**ATTEMPT, "duration": "PT4M"},
        extensions={**PLACE, "totalQuestions": 5, "correctQuestions": 4},
    ),
    "GradeEvent": _event(
        6,
        "GradeEvent",
        "Graded",
        10,
        object=ATTEMPT,
        generated={
            "id": "https://reader.example.org/quizzes/7/scores/55",
            "type": "Score",
            "attempt": ATTEMPT["id"],
            "scoreType": "XP",
            "scoreGiven": 4,
        },
    ),
}

ENVELOPE: dict[str, Any] = {
    "sensor": APP["id"],
    "sendTime": "2026-01-15T15:10:01.000Z",
    "dataVersion": CONTEXT,
    "data": list(EXAMPLES.values()),
}
