-- One row per student, local day and course with an active enrollment, and that course's goal.
with enrollments as (

    select * from {{ ref('int_enrollments__current') }}
    where role = 'student' and course_id is not null

),

calendar as (

    select * from {{ ref('int_goals__calendar') }}

),

enrolled as (

    select
        calendar.*,
        enrollments.enrollment_id,
        enrollments.course_id
    from calendar
    inner join enrollments
        on
            calendar.student_id = enrollments.student_id
            and calendar.local_on >= coalesce(enrollments.begin_on, date '-infinity')
            and calendar.local_on <= coalesce(enrollments.end_on, date 'infinity')
            and calendar.ends_at <= coalesce(enrollments.ended_at, timestamptz 'infinity')
    qualify
        row_number() over (
            partition by calendar.student_id, calendar.local_on, enrollments.course_id
            order by
                coalesce(enrollments.school_id, calendar.school_id)
                is not distinct from calendar.school_id desc,
                enrollments.is_primary desc,
                enrollments.begin_on desc nulls last,
                enrollments.enrollment_id
        ) = 1

),

enrollment_goals as (

    select * from {{ ref('int_goals__versions') }}
    where goal_level = 'enrollment'

),

courses as (

    select * from {{ ref('int_goals__versions') }}
    where goal_level = 'course'

),

final as (

    select
        enrolled.student_id,
        enrolled.local_on,
        enrolled.course_id,
        enrolled.enrollment_id,
        courses.subject,
        case
            when enrollment_goals.daily_goal_xp is not null then 'enrollment'
            when enrolled.student_goal_xp is not null then 'student'
            when courses.daily_goal_xp is not null then 'course'
            when enrolled.school_goal_xp is not null then 'school'
            else 'default'
        end as goal_source,
        coalesce(
            enrollment_goals.daily_goal_xp,
            enrolled.student_goal_xp / count(*) over student_day,
            courses.daily_goal_xp,
            coalesce(enrolled.school_goal_xp, {{ var('default_goal_xp') }})
            / count(*) over student_day
        ) as goal_xp
    from enrolled
    asof left join enrollment_goals
        on
            enrolled.enrollment_id = enrollment_goals.record_id
            and enrolled.ends_at > enrollment_goals.known_from_at
    asof left join courses
        on enrolled.course_id = courses.record_id and enrolled.ends_at > courses.known_from_at
    window student_day as (partition by enrolled.student_id, enrolled.local_on)

)

select * from final
