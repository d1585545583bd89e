"""The reports of parents about one child each."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.parameters import KNOWN_ONLY
from api.reading import CurrentReading
from api.reports import family
from api.reports.reading import require_role
from api.reports.router import REFUSALS, On
from api.reports.schemas.family import ParentWeek, XpMeaning

router = APIRouter(
    prefix="/reports/1.0", tags=["Reports"], responses=REFUSALS, dependencies=KNOWN_ONLY
)

ChildId = Annotated[
    str, Query(alias="studentId", description="A linked child.", examples=["student-ana"])
]


@router.get("/parent/week")
def read_parent_week(reading: CurrentReading, on: On = None) -> ParentWeek:
    """Each linked child's week, by day and subject, beside the child's own week before."""
    require_role(reading.viewer, "parent")
    return family.parent_week(reading, on)


@router.get("/parent/xp-meaning")
def read_xp_meaning(reading: CurrentReading, student_id: ChildId) -> XpMeaning:
    """What XP means, with one child's own newest day as the example."""
    require_role(reading.viewer, "parent")
    return family.xp_meaning(reading, student_id)
