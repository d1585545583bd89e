"""What students of one grade did with each app in one subject."""

from dataclasses import dataclass
from typing import Any

from core.builds.reader import PublishedLake

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Chosen:
    """The students and the days that are compared; None: any school, grade or subject."""

    student_ids: list[str]
    days: int
    school_id: str | None
    grade: str | None
    subject: str | None


# A day belongs to the school in which the student then was; the grade is today's.
GROUPS = """
with students as (

    select
        student_id, grade,
        cast(timezone(timezone, cast($as_of as timestamptz)) as date) as today_on
    from dim_students
    where
        student_id in (select unnest(cast($students as varchar[])))
        and (grade = $grade or $grade is null)

),

activity as (

    select
        students.grade, activity.subject, activity.client_id, activity.app_id,
        count(distinct activity.student_id) as student_count,
        sum(activity.active_seconds) as active_seconds,
        sum(activity.idle_seconds) as idle_seconds,
        sum(activity.xp) as xp,
        sum(activity.mastered_lessons) as mastered_lessons,
        sum(activity.scored_questions) as scored_questions,
        sum(activity.correct_questions) as correct_questions
    from agg_student_day_lesson__activity as activity
    join students using (student_id)
    where
        activity.subject is not null
        and activity.local_on > students.today_on - cast($days as integer)
        and activity.local_on <= students.today_on
        and activity.local_on > cast($as_of as date) - cast($days as integer) - 2
        and activity.student_id in (select unnest(cast($students as varchar[])))
        and (activity.subject = $subject or $subject is null)
        and (activity.school_id = $school or $school is null)
    group by students.grade, activity.subject, activity.client_id, activity.app_id

),

awards as (

    select
        students.grade, ledger.subject, ledger.client_id, ledger.app_id,
        count(*) filter (ledger.kind <> 'reverse') as award_count,
        count(*) filter (ledger.is_review) as review_count
    from fct_xp_ledger as ledger
    join students using (student_id)
    where
        ledger.earned_on > students.today_on - cast($days as integer)
        and ledger.earned_on <= students.today_on
        and ledger.earned_on > cast($as_of as date) - cast($days as integer) - 2
        and ledger.student_id in (select unnest(cast($students as varchar[])))
        and (ledger.subject = $subject or $subject is null)
        and (ledger.school_id = $school or $school is null)
    group by students.grade, ledger.subject, ledger.client_id, ledger.app_id

)

select
    activity.*,
    coalesce(awards.award_count, 0) as award_count,
    coalesce(awards.review_count, 0) as review_count
from activity
left join awards
    on awards.grade is not distinct from activity.grade and awards.subject = activity.subject
    and awards.client_id = activity.client_id and awards.app_id = activity.app_id
order by activity.grade nulls last, activity.subject, activity.client_id, activity.app_id
"""

CHOICES = """
select
    list_sort(list_distinct(list(students.grade))) as grades,
    list_sort(list_distinct(list(mastery.subject))) as subjects
from dim_students as students
left join fct_lesson_mastery as mastery using (student_id)
where students.student_id in (select unnest(cast($students as varchar[])))
"""


def groups(lake: PublishedLake, chosen: Chosen) -> Rows:
    """One row for each grade, subject and app in which a student was active."""
    return lake.rows(
        GROUPS,
        {
            "students": chosen.student_ids,
            "days": chosen.days,
            "school": chosen.school_id,
            "grade": chosen.grade,
            "subject": chosen.subject,
            "as_of": lake.build.as_of,
        },
    )


def choices(lake: PublishedLake, student_ids: list[str]) -> dict[str, list[str]]:
    """The grades and subjects of the students, in order."""
    (row,) = lake.rows(CHOICES, {"students": student_ids})
    return {name: list(row[name] or ()) for name in ("grades", "subjects")}
