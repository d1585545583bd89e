"""The reports of parents about one child each: the week, and what XP means."""

from datetime import date, timedelta
from typing import Any

from api.reading import Reading
from api.reports import weeks
from api.reports.family_words import for_family
from api.reports.queries import family, navigation, student, week
from api.reports.queries.apps import AppNames, app_names, named
from api.reports.queries.standing import standings
from api.reports.reading import visible_students
from api.reports.reports import PACE, stamp
from api.reports.schemas.family import ChildWeek, ParentWeek, RuleNumbers, XpMeaning
from api.reports.schemas.learning import Standing
from api.rules import read_variables
from core.builds.project import PROJECT
from core.errors import NotFoundError

Rows = list[dict[str, Any]]

DAYS_LOOKED_AT = 28  # days in which an example is looked for


def parent_week(reading: Reading, day: date | None) -> ParentWeek:
    """The week of `day` (else this week, where the child is) of each linked child, by name."""
    children = _children(reading)
    reading.note("reports.parent_week", children)
    names = app_names(reading.database, reading.lake)
    found = standings(reading.lake, children, None, names)
    return ParentWeek.model_validate(
        {
            **stamp(reading),
            "children": [
                _week(reading, one, day or one.local_on, names)
                for one in sorted(found, key=lambda one: (one.name, one.student_id))
            ],
        }
    )


def _children(reading: Reading) -> list[str]:
    students = visible_students(reading)
    return navigation.children(reading.database, reading.viewer.user_id, students)


def _week(reading: Reading, today: Standing, day: date, names: AppNames) -> ChildWeek:
    """The week of `day`, up to today at the latest; compared are days that are over."""
    child, lake = today.student_id, reading.lake
    first = day - timedelta(days=day.weekday())
    last = max(first, min(first + timedelta(days=6), today.local_on))
    (standing,) = standings(lake, [child], last, names)
    days = student.days(lake, child, last, (last - first).days + 1)
    now = weeks.now_at(lake.build.as_of, [today.timezone])
    this, before = weeks.school_days(
        week.student_days(lake, [child], first - weeks.SEVEN_DAYS, last)[child],
        weeks.whole_days_of(first, now, PACE.ends_hour),
    )

    def totals(held: Rows) -> dict[str, Any] | None:
        return family.totals(lake, child, [row["local_on"] for row in held]) if held else None

    return ChildWeek.model_validate(
        {
            "standing": standing.model_copy(update={"flags": for_family(today.flags)}),
            "week": family.totals(lake, child, weeks.days_from(first, last)),
            "compared_days": weeks.compared_days(this, before),
            "compared_week": totals(this),
            "week_before": totals(before),
            "is_going_on": last == today.local_on and last.weekday() < 6,
            "streak_days": days[-1]["streak_days"] if days else 0,
            "days": days,
            "subject_days": family.subject_days(lake, child, first, last),
            "mastered": family.mastered(lake, child, first, last),
        }
    )


def xp_meaning(reading: Reading, student_id: str) -> XpMeaning:
    """What XP means by a child's own newest figures; 404 unless the child is the reader's."""
    if student_id not in _children(reading):
        raise NotFoundError(f"There is no user {student_id!r}.", code="unknown_user")
    reading.note("reports.xp_meaning", [student_id])
    names = app_names(reading.database, reading.lake)
    (today,) = standings(reading.lake, [student_id], None, names)
    lake, last = reading.lake, today.local_on
    first = last - timedelta(days=DAYS_LOOKED_AT - 1)
    days = student.days(lake, student_id, last, DAYS_LOOKED_AT)
    with_xp = [row for row in days if row["earned_xp"] > 0]
    restated = [row for row in days if row["restated_at"]]
    mastered = family.mastered(lake, student_id, first, last)
    example = with_xp[-1] if with_xp else None
    return XpMeaning.model_validate(
        {
            **stamp(reading),
            "student_id": student_id,
            "name": today.name,
            "timezone": today.timezone,
            "numbers": rule_numbers(),
            "example": example,
            **_of_example(reading, student_id, example, names),
            "mastered": mastered[-1] if mastered else None,
            "restated_on": restated[-1]["local_on"] if restated else None,
            "restated_at": restated[-1]["restated_at"] if restated else None,
            "waiting_xp": family.totals(lake, student_id, weeks.days_from(first, last))[
                "waiting_xp"
            ],
        }
    )


def _of_example(
    reading: Reading, student_id: str, example: dict[str, Any] | None, names: AppNames
) -> dict[str, Any]:
    if example is None:
        return {"idle_seconds": 0.0, "entries": []}
    lake, day = reading.lake, example["local_on"]
    (standing,) = standings(lake, [student_id], day, names)
    entries = student.ledger(lake, student_id, day, None)
    return {"idle_seconds": standing.idle_seconds, "entries": named(entries, names)}


def rule_numbers() -> RuleNumbers:
    """The numbers as the project's rules have them."""
    variables = read_variables(PROJECT)
    return RuleNumbers.model_validate(
        {name: variables[name].value for name in RuleNumbers.model_fields}
    )
