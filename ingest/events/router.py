"""The route that takes events: POST /events/1.0 and its two aliases.

A bare Starlette route, because it is hot: msgspec in, msgspec out. `openapi` documents it.
"""

from datetime import UTC, datetime

import msgspec
from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from core.access import Viewer
from core.context import Context
from core.dependencies import address_of
from core.errors import Fault, ForbiddenError, UnacceptableError, UnauthorizedError
from core.identity.scopes import EVENTS_WRITE
from ingest.events.body import read_body
from ingest.events.door import Judgement, Verdict, judge
from ingest.events.request import open_request
from ingest.journal import Journal

PATHS = ("/events/1.0", "/caliper/v1p2", "/caliper/event")
QUICK_BYTES = 200_000  # about 2 ms to judge; more would hold up the event loop
MOST_FAULTS = 100
ENCODER = msgspec.json.Encoder()


class Answer(msgspec.Struct):
    """What the sender learns: a verdict for each event, in the order sent."""

    accepted: int
    rejected: int
    events: list[Verdict]
    receiptId: str


async def receive_events(request: Request) -> Response:
    """Take events: durable once answered.

    200 for SessionEvents alone, else 202; 422 with the same body if none can be taken; 400, 401,
    403, 413, 415, 422 and 429 for a request that is refused as a whole, of which nothing is kept.
    """
    context: Context = request.app.state.context
    journal: Journal = request.app.state.journal
    try:
        viewer = await context.tokens.authenticate(request.headers.get("authorization"))
    except UnauthorizedError:
        context.rates.failures.take(address_of(request))
        raise
    client_id = _require_writer(viewer)
    context.rates.events.take(client_id)
    body = await read_body(request, context.settings.max_body_bytes)
    received_at = datetime.now(UTC)
    if len(body) <= QUICK_BYTES:
        judgement = _judge(body, received_at)
    else:
        judgement = await run_in_threadpool(_judge, body, received_at)
    verdicts, refusals = judgement.verdicts, judgement.refusals
    receipt_id = await journal.append(
        client_id,
        received_at,
        len(verdicts),
        ENCODER.encode(refusals) if refusals else None,
        body,
    )
    rejected = len(refusals)
    if request.query_params.get("verbose") == "false":
        verdicts = [verdict for verdict in verdicts if verdict.status == "rejected"]
    answer = Answer(len(judgement.verdicts) - rejected, rejected, verdicts, str(receipt_id))
    if not answer.accepted:
        raise _none_acceptable(answer, judgement)
    status = 200 if judgement.is_session_only else 202
    return Response(ENCODER.encode(answer), status, media_type="application/json")


def _judge(body: bytes, received_at: datetime) -> Judgement:
    return judge(open_request(body), received_at)


def _require_writer(viewer: Viewer) -> str:
    """The client that sends; 403 for people and for tokens without the scope."""
    if EVENTS_WRITE in viewer.scopes and viewer.kind == "client" and viewer.client_id is not None:
        return viewer.client_id
    challenge = f'Bearer error="insufficient_scope", scope="{EVENTS_WRITE}"'
    raise ForbiddenError(
        f"The token lacks the scope {EVENTS_WRITE}.",
        code="insufficient_scope",
        headers={"WWW-Authenticate": challenge},
    )


def _none_acceptable(answer: Answer, judgement: Judgement) -> UnacceptableError:
    faults = [Fault(item.path, item.message) for item in judgement.refusals[:MOST_FAULTS]]
    return UnacceptableError(
        "None of the events can be taken; each one's entry in `events` says what to mend.",
        code="no_acceptable_event",
        faults=tuple(faults),
        extra=msgspec.to_builtins(answer),
    )


router = APIRouter()
"""The routes; their app must carry `state.context` and `state.journal`."""
for _path in PATHS:
    router.add_route(_path, receive_events, methods=["POST"], include_in_schema=False)
