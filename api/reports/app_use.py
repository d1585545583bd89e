"""Apps compared honestly: within one grade and subject, and never by fewer than five students."""

from typing import Any

from api.reading import Reading
from api.reports.queries import app_use
from api.reports.queries.app_use import Chosen
from api.reports.queries.apps import app_names, named
from api.reports.reading import visible_students
from api.reports.reports import stamp
from api.reports.schemas.admin import AdminApps
from core.grades import in_order, place

LEAST_STUDENTS = 5  # students: one unusual week of one of fewer moves the figure too far
SHOWN = (
    "student_count",
    "active_seconds",
    "idle_seconds",
    "xp",
    "mastered_lessons",
    "scored_questions",
    "correct_questions",
    "award_count",
    "review_count",
)


def admin_apps(
    reading: Reading, days: int, school_id: str | None, grade: str | None, subject: str | None
) -> AdminApps:
    """Each app's figures by grade and subject, of the students that the admin sees."""
    students = visible_students(reading)
    chosen = Chosen(students, days, school_id, grade, subject)
    names = app_names(reading.database, reading.lake)
    rows = named(app_use.groups(reading.lake, chosen), names)
    offered = app_use.choices(reading.lake, students)
    return AdminApps.model_validate(
        {
            **stamp(reading),
            "least_students": LEAST_STUDENTS,
            "grades": in_order(offered["grades"]),
            "subjects": offered["subjects"],
            "groups": [group(row) for row in sorted(rows, key=lambda row: place(row["grade"]))],
        }
    )


def group(row: dict[str, Any]) -> dict[str, Any]:
    """A group with its ratios; of one that is too small, nothing but that it is."""
    named_by = {name: row[name] for name in ("grade", "subject", "app_name")}
    if row["student_count"] < LEAST_STUDENTS:
        nothing = dict.fromkeys((*SHOWN, *RATIOS))
        return {**named_by, "is_hidden": True, **nothing}
    ratios = {name: _ratio(row, *measure) for name, measure in RATIOS.items()}
    return {**named_by, "is_hidden": False, **{name: row[name] for name in SHOWN}, **ratios}


# Each as (numerator, columns that sum up to the denominator, units of it in one of the measure's).
RATIOS: dict[str, tuple[str, tuple[str, ...], float]] = {
    "xp_per_active_minute": ("xp", ("active_seconds",), 60),
    "mastered_per_active_hour": ("mastered_lessons", ("active_seconds",), 3600),
    "accuracy_ratio": ("correct_questions", ("scored_questions",), 1),
    "idle_ratio": ("idle_seconds", ("active_seconds", "idle_seconds"), 1),
    "review_ratio": ("review_count", ("award_count",), 1),
}


def _ratio(
    row: dict[str, Any], numerator: str, denominators: tuple[str, ...], unit: float
) -> float | None:
    """None where nothing was measured, which is not 0."""
    whole = sum(float(row[name]) for name in denominators)
    return float(row[numerator]) / whole * unit if whole > 0 else None
