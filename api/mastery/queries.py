"""Lesson mastery, read from `fct_lesson_mastery`.

Seconds come from the student's days, because only there a partner's own time stands apart.
"""

from api.formats import Listing, read_listing
from api.paging import Page
from api.reading import Reading
from core.access import Condition, all_of
from core.errors import NotFoundError

LESSONS = """
    with mastery as (
        select * from marts.fct_lesson_mastery as mastery where {where}
    ),

    seconds as (
        select activity.student_id, activity.lesson_id, sum(activity.{active}) as active_seconds
        from marts.agg_student_day_lesson__activity as activity
        semi join mastery using (student_id, lesson_id)
        where {activity}
        group by all
    )

    select
        mastery.student_id, mastery.lesson_id, lesson.lesson_title, lesson.lesson_position,
        mastery.course_id, mastery.subject, mastery.mastery_state, mastery.is_struggling,
        mastery.item_count, mastery.correct_count, mastery.attempt_count,
        mastery.best_score_ratio, mastery.latest_score_ratio, mastery.last_ten_ratio,
        mastery.last_ten_count, mastery.p_known, mastery.first_mastered_at,
        mastery.first_mastered_on,
        mastery.last_activity_at, coalesce(seconds.active_seconds, 0) as active_seconds,
        count(*) over () as list_total
    from mastery
    left join marts.dim_lessons as lesson using (lesson_id)
    left join seconds using (student_id, lesson_id)
    order by {order}
    limit $limit offset $offset
"""

COUNT = "select count(*) as total from marts.fct_lesson_mastery as mastery where {where}"

LESSON = "select true from marts.dim_lessons as lesson where {where}"


def lessons_of_student(
    reading: Reading, student_id: str, course_id: str | None, state: str | None, page: Page
) -> Listing:
    """A student's lessons, in course and lesson order."""
    where = all_of(
        Condition("mastery.student_id = $student_id", {"student_id": student_id}),
        reading.sight.own("mastery"),
        Condition("mastery.course_id = $course_id", {"course_id": course_id})
        if course_id
        else None,
        _in_state(state),
    )
    return _listing(reading, where, "course_id, lesson_position, lesson_id", page)


def students_of_lesson(reading: Reading, lesson_id: str, state: str | None, page: Page) -> Listing:
    """The students of a lesson whom the viewer may read, by id; 404 if the lesson is not theirs."""
    lesson = Condition("mastery.lesson_id = $lesson_id", {"lesson_id": lesson_id})
    seen = all_of(lesson, reading.sight.facts("mastery"))
    owned = all_of(
        Condition("lesson.lesson_id = $lesson_id", {"lesson_id": lesson_id}),
        reading.sight.own("lesson"),
    )
    if reading.sight.student_ids is None:
        found = reading.lake.rows(LESSON.format(where=owned.sql), owned.parameters)
    else:
        found = reading.lake.rows(COUNT.format(where=seen.sql), seen.parameters)
        found = [row for row in found if row["total"]]
    if not found:
        raise NotFoundError(f"There is no lesson {lesson_id!r}.", code="unknown_lesson")
    return _listing(reading, all_of(seen, _in_state(state)), "student_id", page)


def _in_state(state: str | None) -> Condition | None:
    return Condition("mastery.mastery_state = $state", {"state": state}) if state else None


def _listing(reading: Reading, where: Condition, order: str, page: Page) -> Listing:
    activity = reading.sight.own("activity")
    sql = LESSONS.format(
        where=where.sql,
        activity=activity.sql,
        active="client_active_seconds" if reading.sight.is_partner else "active_seconds",
        order=order,
    )
    count = COUNT.format(where=where.sql)
    return read_listing(reading.lake, sql, count, where.parameters | activity.parameters, page)
