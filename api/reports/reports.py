"""The reports of guides, parents and students, put together from the queries."""

from datetime import date
from typing import Any

from api.reading import Reading
from api.reports.family_words import for_family
from api.reports.queries import learning, navigation, student
from api.reports.queries.apps import AppNames, app_names, named
from api.reports.queries.standing import standings
from api.reports.reading import is_staff, learners_of, visible_students
from api.reports.schemas.family import ChildToday, ParentToday
from api.reports.schemas.learning import GuideToday, Pace, Standing, StudentReport
from api.reports.wording import restatement, waiting
from core.errors import NotFoundError

DAYS_SHOWN = 14
PACE = Pace(starts_hour=8, ends_hour=16)  # the vars of the daily goal rule
CHILD_DAYS_SHOWN = 7


def stamp(reading: Reading) -> dict[str, Any]:
    """The build that an answer was read from."""
    build = reading.lake.build
    return {"build_id": build.build_id, "as_of": build.as_of}


def guide_today(reading: Reading, class_id: str | None, day: date | None) -> GuideToday:
    """The reader's students, in one class or all; 404 for a class that is not theirs."""
    students = learners_of(reading, class_id)
    reading.note("reports.guide_today", students)
    return GuideToday(
        **stamp(reading),
        class_id=class_id,
        students=standings(reading.lake, students, day, _names(reading)),
    )


def student_report(
    reading: Reading, student_id: str, day: date | None, subject: str | None
) -> StudentReport:
    """One student's day, whole or in one subject; 404 if absent from the build or not the reader's.

    Families read the flags in their own words, and no placement: that is for who assigns work.
    """
    names = _names(reading)
    found = _standing(reading, student_id, day, names)
    lake, local_on = reading.lake, found.local_on

    def read(sql: str) -> list[dict[str, Any]]:
        return named(student.on_day_in(lake, sql, student_id, local_on, subject), names)

    assigns = is_staff(reading.viewer)
    if not assigns:
        found = found.model_copy(update={"flags": for_family(found.flags)})
    days = student.days(lake, student_id, local_on, DAYS_SHOWN, subject)
    ledger = named(student.ledger(lake, student_id, local_on, subject), names)
    classes = student.for_student(lake, student.CLASSES, student_id)
    taken = student.for_student(lake, student.SUBJECTS_TAKEN, student_id)
    return StudentReport.model_validate(
        {
            **stamp(reading),
            "standing": found,
            "pace": PACE,
            "classes": [row["class_title"] for row in classes],
            "subject": subject,
            "subjects_taken": [row["subject"] for row in taken],
            "restatement": restatement(
                [row for row in days if row["local_on"] == local_on], ledger, found.timezone
            ),
            "waiting": waiting(ledger),
            "subjects": student.on_day(lake, student.SUBJECTS, student_id, local_on),
            "days": days,
            "segments": read(student.SEGMENTS),
            "sessions": read(student.SESSIONS),
            "ledger": ledger,
            "lessons": learning.ladder(lake, student_id, subject),
            "placement": learning.placement(lake, student_id, subject) if assigns else [],
            "missed": learning.missed(lake, student_id, local_on, DAYS_SHOWN, subject),
        }
    )


def _names(reading: Reading) -> AppNames:
    return app_names(reading.database, reading.lake)


def _standing(reading: Reading, student_id: str, day: date | None, names: AppNames) -> Standing:
    reading.student(student_id, "reports.student")
    found = standings(reading.lake, [student_id], day, names)
    if not found:
        raise NotFoundError(f"There is no user {student_id!r}.", code="unknown_user")
    return found[0]


def parent_today(reading: Reading, day: date | None) -> ParentToday:
    """The reader's linked children, by name."""
    children = navigation.children(
        reading.database, reading.viewer.user_id, visible_students(reading)
    )
    reading.note("reports.parent_today", children)
    names = _names(reading)
    found = sorted(
        standings(reading.lake, children, day, names), key=lambda s: (s.name, s.student_id)
    )
    return ParentToday(**stamp(reading), children=[_child(reading, one, names) for one in found])


def _child(reading: Reading, standing: Standing, names: AppNames) -> ChildToday:
    lake, child, day = reading.lake, standing.student_id, standing.local_on
    return ChildToday.model_validate(
        {
            "standing": standing.model_copy(update={"flags": for_family(standing.flags)}),
            "subjects": student.on_day(lake, student.SUBJECTS, child, day),
            "lessons": named(student.on_day(lake, student.LESSON_DAYS, child, day), names),
            "days": student.days(lake, child, day, CHILD_DAYS_SHOWN),
        }
    )
