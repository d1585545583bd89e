"""An app's catalog as OneRoster 1.2 bodies."""

from collections.abc import Iterator
from typing import Any

from core.simulation.catalog import App, Course
from core.simulation.puts import Put, put, ref


def catalog_puts(app: App, *, held_back: bool) -> Iterator[Put]:
    """The app's catalog; with `held_back`, only the lessons that come out late."""
    for course in app.courses:
        if not held_back:
            yield put("courses", "course", course.course_id, _course(course))
        for unit_number, unit in enumerate(course.units, start=1):
            if not held_back:
                body = {
                    "title": unit.title,
                    "sortOrder": unit_number,
                    "course": ref(course.course_id),
                }
                yield put("units", "unit", unit.unit_id, body)
            for lesson_number, lesson in enumerate(unit.lessons, start=1):
                if (lesson == course.held_back) == held_back:
                    body = {
                        "title": lesson.title,
                        "sortOrder": lesson_number,
                        "unit": ref(unit.unit_id),
                        "course": ref(course.course_id),
                    }
                    yield put("lessons", "lesson", lesson.lesson_id, body)


def _course(course: Course) -> dict[str, Any]:
    return {
        "title": course.title,
        "courseCode": course.course_id.upper(),
        "subjects": [course.subject],
        "grades": [f"{grade:02d}" for grade in range(course.band[0], course.band[1] + 1)],
        "metadata": {"goals": {"dailyXp": course.daily_xp}, "gradePolicy": "best"},
    }
