"""The reports of a class: the grid of a week, lessons that hold up, the week's review."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

from api.reading import Reading
from api.reports import weeks
from api.reports.queries import navigation, stuck, week
from api.reports.queries.standing import flags_by_student
from api.reports.reading import learners_of
from api.reports.reports import PACE, stamp
from api.reports.schemas.classes import (
    ClassGrid,
    StuckLessons,
    StudentWeek,
    WeekReview,
)
from api.reports.wording import item_hint
from core.grades import in_order

Rows = list[dict[str, Any]]
ALL = "All"


def class_grid(reading: Reading, class_id: str | None, day: date | None) -> ClassGrid:
    """The week of `day` of the reader's students: each subject against its goals, each day."""
    everyone = week.roster(reading.lake, learners_of(reading, class_id))
    students = [one["student_id"] for one in everyone]
    reading.note("reports.class_grid", students)
    now = weeks.now_at(reading.lake.build.as_of, (one["timezone"] for one in everyone))
    shown = weeks.week_so_far(day, now)
    first, last = shown.starts_on, shown.through_on
    hours = (PACE.starts_hour, PACE.ends_hour)
    cells = week.subject_weeks(reading.lake, students, first, last, hours)
    days = week.student_days(reading.lake, students, first, last)
    subjects = {cell["subject"] for held in cells.values() for cell in held} - {ALL}
    return ClassGrid.model_validate(
        {
            **stamp(reading),
            "class_id": class_id,
            "week": shown,
            "grades": in_order({one["grade"] for one in everyone if one["grade"] is not None}),
            "subjects": sorted(subjects),
            "students": [
                {
                    **one,
                    "cells": [c for c in cells[one["student_id"]] if c["subject"] != ALL],
                    "total": next(
                        (c for c in cells[one["student_id"]] if c["subject"] == ALL), None
                    ),
                    "days": days[one["student_id"]],
                }
                for one in everyone
            ],
        }
    )


def stuck_lessons(reading: Reading, class_id: str | None, days: int) -> StuckLessons:
    """Lessons worked on in the last `days` days on which students do not get on."""
    lake, students = reading.lake, learners_of(reading, class_id)
    reading.note("reports.stuck_lessons", students)
    since = lake.build.as_of - timedelta(days=days)
    rows = stuck.stuck(lake, students, since)
    answers = stuck.answers(lake, rows, since)
    items = stuck.hardest_items(lake, rows)
    names = {one["choice_id"]: one["title"] for one in navigation.names(lake, students)}
    people: dict[str, Rows] = defaultdict(list)
    for row in rows:
        last = answers.get((row["student_id"], row["lesson_id"]), [])
        people[row["lesson_id"]].append(
            {**row, "name": names[row["student_id"]], "last_answers": last}
        )
    lessons = [
        _lesson(held, [item for item in items if item["lesson_id"] == lesson_id])
        for lesson_id, held in people.items()
    ]
    return StuckLessons.model_validate(
        {
            **stamp(reading),
            "class_id": class_id,
            "since_at": since,
            "subjects": sorted({row["subject"] for row in rows if row["subject"]}),
            "student_count": len(students),
            "lessons": sorted(lessons, key=_most_first),
        }
    )


def _most_first(lesson: dict[str, Any]) -> tuple[int, int, str, str]:
    counts = (-lesson["student_count"], -lesson["struggling_count"])
    return (*counts, lesson["lesson_title"], lesson["lesson_id"])


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
    """The week of `day` of the reader's students, each beside their own week before.

    The class's comparison adds up the students', each over their own school days.
    """
    everyone = week.roster(reading.lake, learners_of(reading, class_id))
    students = [one["student_id"] for one in everyone]
    reading.note("reports.week_review", students)
    now = weeks.now_at(reading.lake.build.as_of, (one["timezone"] for one in everyone))
    shown = weeks.week_of_whole_days(day, now, PACE.ends_hour)
    first, last = shown.starts_on, shown.through_on
    days = week.student_days(reading.lake, students, first - weeks.SEVEN_DAYS, last)
    mastered = week.mastered(reading.lake, students, first, last)
    flags = flags_by_student(reading.lake, students)
    found, all_compared, all_before = [], [], []
    for one in everyone:
        held = days.get(one["student_id"], [])
        compared, before = weeks.school_days(held, shown)
        all_compared += compared
        all_before += before
        compared_week, week_before = weeks.totals(compared), weeks.totals(before)
        found.append(
            StudentWeek(
                student_id=one["student_id"],
                name=one["name"],
                grade=one["grade"],
                this_week=weeks.totals(weeks.of_week(held, shown)),
                compared_days=weeks.compared_days(compared, before),
                compared_week=compared_week,
                week_before=week_before,
                trend=weeks.trend(compared_week, week_before),
                mastered_titles=[m["lesson_title"] for m in mastered.get(one["student_id"], [])],
                flags=flags[one["student_id"]],
            )
        )
    this_week = weeks.of_week([day for held in days.values() for day in held], shown)
    return WeekReview(
        **stamp(reading),
        class_id=class_id,
        week=shown,
        this_week=weeks.totals(this_week),
        compared_days=weeks.compared_days(all_compared, all_before),
        compared_week=weeks.totals(all_compared),
        week_before=weeks.totals(all_before),
        days=weeks.day_totals(this_week, shown),
        mastered_count=sum(len(one.mastered_titles) for one in found),
        students=found,
    )
