"""The reports of guides about their classes."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from api.parameters import KNOWN_ONLY
from api.reading import CurrentReading
from api.reports import classes
from api.reports.reading import require_role
from api.reports.router import REFUSALS, ClassId, Days
from api.reports.schemas.classes import ClassGrid, StuckLessons, WeekReview

router = APIRouter(
    prefix="/reports/1.0", tags=["Reports"], responses=REFUSALS, dependencies=KNOWN_ONLY
)

WeekOf = Annotated[
    date | None,
    Query(
        alias="week",
        description="A local day of the week to show; this week if absent.",
        examples=["2026-01-12"],
    ),
]


@router.get("/guide/class-grid")
def read_class_grid(
    reading: CurrentReading,
    class_id: ClassId = None,
    week: WeekOf = None,
) -> ClassGrid:
    """A week of the guide's students: each subject against its goals, and each day."""
    require_role(reading.viewer, "guide", "admin")
    return classes.class_grid(reading, class_id, week)


@router.get("/guide/stuck-lessons")
def read_stuck_lessons(
    reading: CurrentReading, class_id: ClassId = None, days: Days = 14
) -> StuckLessons:
    """Lessons that hold up the guide's students: who, their last answers, the hardest questions.

    A lesson holds a student up who is struggling with it, must review it, or tried it three times
    or more and is not proficient; lessons without activity in these days are left out.
    """
    require_role(reading.viewer, "guide", "admin")
    return classes.stuck_lessons(reading, class_id, days)


@router.get("/guide/week-review")
def read_week_review(
    reading: CurrentReading, class_id: ClassId = None, week: WeekOf = None
) -> WeekReview:
    """A week of the guide's students, each beside as many school days of their own week before.

    Whole days alone count: today from the hour on at which a day's goal is due. Reasons to look
    closer are those of now, whichever the week.
    """
    require_role(reading.viewer, "guide", "admin")
    return classes.week_review(reading, class_id, week)
