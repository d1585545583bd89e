"""An event explained: its verdict, and every row that it made or had a part in."""

from api.events import detail
from api.events.schemas import EventDetail
from api.explain.parts import VERDICTS, Request, contribution, figures
from api.explain.schemas import Explanation, SentEvent, Step
from api.formats import stamp
from core.builds.reader import LakeReader

SHOWN = ("status", "reason", "warning")
VERDICT_DETAILS = ("status", "reason", "mend", "warning", "path", "message")
MODELS = {
    "sessions": ("The session that it lies in", "fct_sessions", "session"),
    "ledger_entries": ("The ledger entries that it made", "fct_xp_ledger", "ledger_entry"),
    "assessment_results": (
        "The results that it had a part in",
        "fct_assessment_results",
        "result",
    ),
    "item_responses": ("The answers that it made", "fct_item_responses", "item_response"),
    "facts": ("The engagement facts that it made", "fct_engagement", "fact"),
}


def verdict(request: Request, reader: LakeReader, event_id: str) -> Explanation:
    """What became of an event and why; 404 if the viewer may read none such."""
    event = detail.of_event(request.reading, reader, event_id)
    said = event.model_dump()
    judged = contribution("event", event.id, said, VERDICT_DETAILS, [event.id])
    return Explanation(
        fact="event",
        about={"eventId": event.id, "studentId": event.student_id},
        figures=figures("GET /events/1.0/{id}", dict.fromkeys(SHOWN), said),
        steps=[request.step("Its verdict", _judge(event), [judged]), *_made(request, event)],
        event_count=1,
        events=[SentEvent(**{name: said[name] for name in SentEvent.model_fields})],
        **stamp(request.reading.lake.build),
    )


def _judge(event: EventDetail) -> tuple[str, ...]:
    """The models that gave the verdict: the door's refusals are kept as they came."""
    return {"pending": (), "rejected": ("stg_caliper__rejections",)}.get(event.status, VERDICTS)


def _made(request: Request, event: EventDetail) -> list[Step]:
    return [
        request.step(
            title, model, (contribution(kind, row_id, {}, (), [event.id]) for row_id in ids)
        )
        for name, (title, model, kind) in MODELS.items()
        if (ids := getattr(event.made, name))
    ]
