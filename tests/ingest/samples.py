"""Caliper events as partners send them, for tests that need many."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

BEGIN = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def grade_event(number: int, event_id: str | None = None, **changes: Any) -> dict[str, Any]:
    """The `number`th GradeEvent of a run: a second after the one before, 1 XP each."""
    return {
        "@context": "http://purl.imsglobal.org/ctx/caliper/v1p2",
        "id": event_id or f"urn:uuid:{uuid.UUID(int=number + 1)}",
        "type": "GradeEvent",
        "actor": {"id": f"student-{number % 7}", "type": "Person"},
        "action": "Graded",
        "object": {"id": f"attempt-{number}", "type": "Attempt"},
        "generated": {"type": "Score", "scoreType": "XP", "scoreGiven": 1},
        "eventTime": (BEGIN + timedelta(seconds=number)).isoformat().replace("+00:00", "Z"),
        "extensions": {"course": {"id": "course-1"}, "lesson": {"id": "lesson-1"}},
        **changes,
    }


def envelope(events: list[dict[str, Any]]) -> bytes:
    """A Caliper envelope around events."""
    return json.dumps(
        {
            "sensor": "https://app.example",
            "sendTime": "2026-03-02T16:00:00.000Z",
            "dataVersion": "http://purl.imsglobal.org/ctx/caliper/v1p2",
            "data": events,
        }
    ).encode()
