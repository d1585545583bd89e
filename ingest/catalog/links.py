"""Routes that link a student to someone who acts for them: `/students/{id}/agents/{agentId}`."""

from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from core.access import Viewer
from core.dependencies import AppContext, Database, require_scope
from core.errors import Fault, MalformedError
from core.identity.scopes import ROSTER_WRITE
from core.registry.schemas import envelope
from core.registry.types import AGENT, AGENTS, agent_id
from ingest.catalog.body import JsonBody
from ingest.catalog.documents import REFUSALS, one_body, put_answers
from ingest.catalog.preconditions import Conditions
from ingest.catalog.service import Catalog

WritingViewer = Annotated[Viewer, require_scope(ROSTER_WRITE)]
PATH = "/students/{student_id}/agents/{agent_user_id}"
SETTINGS = frozenset({"role", "status", "metadata"})

router = APIRouter(prefix="/rostering/1.0", tags=["Rostering"])


def read_link(body: dict[str, Any], student_id: str, agent_user_id: str) -> dict[str, Any]:
    """The link that path and body mean; 400 if the body names other users than the path."""
    wrapped = body.get("agent")
    link = dict(wrapped) if isinstance(wrapped, dict) and SETTINGS & wrapped.keys() else dict(body)
    for field, sourced_id in (("student", student_id), ("agent", agent_user_id)):
        named = link.get(field)
        named_id = named.get("sourcedId") if isinstance(named, dict) else named
        if named_id not in (None, sourced_id):
            raise MalformedError(
                f"The body's {field} {named_id!r} is not the path's {sourced_id!r}.",
                code="sourced_id_mismatch",
                faults=(Fault(f"agent.{field}.sourcedId", f"must be {sourced_id!r}"),),
            )
        link[field] = {"sourcedId": sourced_id}
    if link.get("sourcedId") == agent_user_id:
        del link["sourcedId"]
    return link


@router.put(
    PATH,
    summary="Link a student to an agent",
    response_model=envelope(AGENT),
    responses=put_answers(AGENT),
    openapi_extra=one_body(AGENT, is_required=False),
)
def put_link(
    student_id: str,
    agent_user_id: str,
    viewer: WritingViewer,
    body: JsonBody,
    conditions: Conditions,
    context: AppContext,
    connection: Database,
) -> Response:
    """Create or replace the link; the body may be empty (role `parent`). Both users must exist."""
    catalog = Catalog(connection, viewer, AGENTS, context.settings.origin)
    link = read_link(body, student_id, agent_user_id)
    written = catalog.put(agent_id(student_id, agent_user_id), link, conditions)
    return JSONResponse(
        {"agent": written.body},
        status_code=201 if written.is_created else 200,
        headers={"ETag": written.tag},
    )


@router.delete(
    PATH, summary="End a link between a student and an agent", status_code=204, responses=REFUSALS
)
def delete_link(
    student_id: str,
    agent_user_id: str,
    viewer: WritingViewer,
    conditions: Conditions,
    context: AppContext,
    connection: Database,
) -> None:
    """Mark the link as `tobedeleted`; the agent's sight of the student ends at once."""
    catalog = Catalog(connection, viewer, AGENTS, context.settings.origin)
    catalog.delete(agent_id(student_id, agent_user_id), conditions)
