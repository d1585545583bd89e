"""The reports of a class: the grid of a week, lessons that hold up, the week's review."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from api.reading import Reading
from api.reports import weeks
from api.reports.queries import navigation, stuck, week
from api.reports.queries.standing import flags_by_student
from api.reports.reading import learners_of, visible_students
from api.reports.reports import PACE, stamp
from api.reports.schemas.classes import (
    ClassGrid,
    GuideStudents,
    StuckLessons,
    StudentWeek,
    WeekReview,
)
from api.reports.wording import item_hint

Rows = list[dict[str, Any]]
ALL = "All"


def guide_students(reading: Reading) -> GuideStudents:
    """Names of all students whom the reader may see."""
    students = visible_students(reading)
    reading.note("reports.guide_students", students)
    return GuideStudents.model_validate(
        {**stamp(reading), "students": navigation.names(reading.lake, students)}
    )


def class_grid(
    reading: Reading, class_id: str | None, grade: str | None, subject: str | None, day: date | None
) -> ClassGrid:
    """The week of `day` of the reader's students: each subject against its goals, each day."""
    everyone = week.roster(reading.lake, learners_of(reading, class_id))
    chosen = [one for one in everyone if grade in (None, one["grade"])]
    students = [one["student_id"] for one in chosen]
    reading.note("reports.class_grid", students)
    now = weeks.now_at(reading.lake.build.as_of, (one["timezone"] for one in everyone))
    shown = weeks.week_so_far(day, now)
    first, last = shown.starts_on, shown.through_on
    hours = (PACE.starts_hour, PACE.ends_hour)
    cells = week.subject_weeks(reading.lake, students, first, last, hours)
    days = week.student_days(reading.lake, students, first, last)
    subjects = sorted({c["subject"] for held in cells.values() for c in held} - {ALL})
    return ClassGrid.model_validate(
        {
            **stamp(reading),
            "class_id": class_id,
            "grade": grade,
            "subject": subject,
            "week": shown,
            "grades": sorted({one["grade"] for one in everyone if one["grade"]}),
            "subjects": subjects,
            "students": [
                {
                    **one,
                    "cells": [
                        cell
                        for cell in cells.get(one["student_id"], [])
                        if cell["subject"] != ALL and subject in (None, cell["subject"])
                    ],
                    "total": next(
                        (c for c in cells.get(one["student_id"], []) if c["subject"] == ALL), None
                    ),
                    "days": days.get(one["student_id"], []),
                }
                for one in chosen
            ],
        }
    )


def stuck_lessons(
    reading: Reading, class_id: str | None, subject: str | None, days: int
) -> StuckLessons:
    """Lessons worked on in the last `days` days on which students do not get on."""
    lake, students = reading.lake, learners_of(reading, class_id)
    reading.note("reports.stuck_lessons", students)
    since = lake.build.as_of - timedelta(days=days)
    found = stuck.stuck(lake, students, since, None)
    rows = [row for row in found if subject in (None, row["subject"])]
    answers = stuck.answers(lake, rows, since)
    items = stuck.hardest_items(lake, rows)
    names = {one["choice_id"]: one["title"] for one in navigation.names(lake, students)}
    lessons: dict[str, Rows] = {}
    for row in rows:
        person = {
            **row,
            "name": names[row["student_id"]],
            "stuck_reason": row["reason"],
            "last_answers": answers.get((row["student_id"], row["lesson_id"]), []),
        }
        lessons.setdefault(row["lesson_id"], []).append(person)
    return StuckLessons.model_validate(
        {
            **stamp(reading),
            "class_id": class_id,
            "subject": subject,
            "since_at": since,
            "subjects": sorted({row["subject"] for row in found if row["subject"]}),
            "student_count": len(students),
            "lessons": sorted(
                (
                    _lesson(people, [i for i in items if i["lesson_id"] == lesson_id])
                    for lesson_id, people in lessons.items()
                ),
                key=lambda one: (
                    -one["student_count"], -one["struggling_count"], one["lesson_title"],
                    one["lesson_id"],
                ),
            ),
        }
    )  # fmt: skip


def _lesson(people: Rows, items: Rows) -> dict[str, Any]:
    counts = Counter(person["stuck_reason"] for person in people)
    ratios = [one["last_ten_ratio"] for one in people if one["last_ten_ratio"] is not None]
    order = ("struggling", "needs_review", "no_progress")
    return {
        **people[0],
        "student_count": len(people),
        "struggling_count": counts["struggling"],
        "review_count": counts["needs_review"],
        "no_progress_count": counts["no_progress"],
        "last_ten_ratio": sum(ratios) / len(ratios) if ratios else None,
        "active_seconds": sum(person["active_seconds"] for person in people),
        "students": sorted(people, key=lambda one: (order.index(one["stuck_reason"]), one["name"])),
        "items": [{**item, "hint": item_hint(item["discrimination"])} for item in items],
    }


def week_review(reading: Reading, class_id: str | None, day: date | None) -> WeekReview:
    """The week of `day` of the reader's students, each beside their own week before."""
    everyone = week.roster(reading.lake, learners_of(reading, class_id))
    students = [one["student_id"] for one in everyone]
    reading.note("reports.week_review", students)
    now = weeks.now_at(reading.lake.build.as_of, (one["timezone"] for one in everyone))
    shown = weeks.week_of_whole_days(day, now, PACE.ends_hour)
    first, last = shown.starts_on, shown.through_on
    days = week.student_days(reading.lake, students, first - weeks.SEVEN_DAYS, last)
    mastered = week.mastered(reading.lake, students, first, last)
    flags = flags_by_student(reading.lake, students)
    found = []
    for one in everyone:
        this, before = map(weeks.totals, weeks.split(days.get(one["student_id"], []), shown))
        found.append(
            StudentWeek(
                student_id=one["student_id"], name=one["name"], grade=one["grade"],
                this_week=this, week_before=before, trend=weeks.trend(this, before),
                mastered_lessons=[m["lesson_title"] for m in mastered.get(one["student_id"], [])],
                flags=flags[one["student_id"]],
            )
        )  # fmt: skip
    this_week, week_before = weeks.split([day for held in days.values() for day in held], shown)
    return WeekReview(
        **stamp(reading),
        class_id=class_id,
        week=shown,
        this_week=weeks.totals(this_week),
        week_before=weeks.totals(week_before),
        days=weeks.day_totals(this_week, shown),
        mastered_count=sum(len(one.mastered_lessons) for one in found),
        students=found,
    )
