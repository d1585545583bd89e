"""A day's goal explained: which record set it, what was earned toward it, how the day stands."""

from datetime import date, datetime, time, timedelta
from typing import Any

from api.explain.parts import Request, contribution, figures
from api.explain.queries import goals as queries
from api.explain.queries import ledger
from api.explain.queries.ledger import Part
from api.explain.schemas import Explanation
from api.explain.xp import entry, events_of
from api.insights.queries import goals
from api.reading import Student
from core.errors import Fault, MalformedError, NotFoundError

Row = dict[str, Any]

WHOLE_DAY = "All"
SHOWN = {
    "goalXp": ("goal_xp", "XP"),
    "earnedXp": ("earned_xp", "XP"),
    "status": ("status", None),
    "streakDays": ("streak_days", "school days"),
}
GOAL_DETAILS = ("subject", "enrollment_id", "goal_source", "is_in_term", "is_school_day")
RECORD_DETAILS = ("goal_level", "version", "recorded_at", "daily_xp")


def of_day(
    request: Request, student_id: str, day: date, subject: str | None, enrollment_id: str | None
) -> Explanation:
    """A student's goal of a local day and subject (none: the whole day); 404 if there is none.

    A partner's goals are those of its own enrollments: 400 if it has several and names none.
    """
    reading = request.reading
    student = reading.student(student_id, "explain.goal")
    goal = _chosen(request, student, day, subject, enrollment_id)
    day_ends_at = datetime.combine(day + timedelta(days=1), time(), student.zone)
    records = queries.records(
        reading, student_id, day, day_ends_at, goal["subject"], goal["enrollment_id"]
    )
    earned = _earned(request, student_id, day, goal)
    standing = contribution("goal", None, goal, GOAL_DETAILS, [])
    return request.answer(
        "goal",
        {
            "studentId": student_id,
            "date": day.isoformat(),
            "subject": goal["subject"],
            "enrollmentId": goal["enrollment_id"],
        },
        figures(
            "GET /insights/1.0/users/{id}",
            {name: unit for name, (_, unit) in SHOWN.items()},
            {name: goal[column] for name, (column, _) in SHOWN.items()},
        ),
        [
            request.step("How the day stands", "fct_daily_goals", [standing]),
            request.step(
                "What the records say of the goal, in the order of precedence",
                "int_goals__enrolled",
                (
                    contribution("record", row["record_id"], row, RECORD_DETAILS, [])
                    for row in records
                ),
            ),
            request.step(
                "The day's credited entries of the ledger",
                "fct_xp_ledger",
                (entry(row, "earnedXp") for row in earned),
            ),
        ],
        events_of(request, student_id, earned),
    )


def _chosen(
    request: Request, student: Student, day: date, subject: str | None, enrollment_id: str | None
) -> Row:
    if subject is None and not request.reading.sight.is_partner:
        subject = WHOLE_DAY
    found = [
        row
        for row in goals(request.reading, student.student_id, day, student.zone)
        if subject in (None, row["subject"]) and enrollment_id in (None, row["enrollment_id"])
    ]
    if not found:
        raise NotFoundError("There is no such goal on that day.", code="unknown_goal")
    if len(found) > 1:
        ids = ", ".join(row["enrollment_id"] for row in found)
        message = f"Several enrollments have a goal on that day: name one of {ids}."
        fault = Fault("query.enrollmentId", message)
        raise MalformedError(message, code="several_goals", faults=(fault,))
    return found[0]


def _earned(request: Request, student_id: str, day: date, goal: Row) -> list[Row]:
    is_whole_day = goal["subject"] == WHOLE_DAY or goal["enrollment_id"] is not None
    part = Part(subject=None if is_whole_day else goal["subject"])
    return [
        row
        for row in ledger.of_day(request.reading, student_id, day, part)
        if row["status"] == "credited" and goal["enrollment_id"] in (None, row["enrollment_id"])
    ]
