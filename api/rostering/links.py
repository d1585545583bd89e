"""The route that reads one link from a student to an agent."""

from fastapi import APIRouter
from fastapi.responses import Response

from api.parameters import KNOWN_ONLY
from api.rostering.answers import answer_one
from api.rostering.parameters import REFUSALS, AgentPath, Fields, IfNoneMatch, Reader, StudentPath
from core.dependencies import AppContext, Database
from core.registry.schemas import envelope
from core.registry.types import AGENT, AGENTS, agent_id

router = APIRouter(prefix="/rostering/1.0", tags=["Rostering"], dependencies=KNOWN_ONLY)


@router.get(
    "/students/{student_id}/agents/{agent_user_id}",
    response_model=envelope(AGENT, is_read=True),
    responses=REFUSALS,
    summary="Read one agent link",
)
def read_link(
    student_id: StudentPath,
    agent_user_id: AgentPath,
    context: AppContext,
    viewer: Reader,
    connection: Database,
    fields: Fields = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One link from a student to someone who acts for them."""
    link = agent_id(student_id, agent_user_id)
    return answer_one(context, viewer, connection, AGENTS, link, fields, if_none_match)
