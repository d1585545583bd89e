-- One row per student, local day and course with an active enrollment, and that course's goal.
with enrollments as (

    select * from {{ ref('int_enrollments__current') }}
    where role = 'student' and course_id is not null

),

calendar as (

    select * from {{ ref('int_goals__calendar') }}
    where is_in_term

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

placed as (

    select
        enrolled.*,
        courses.subject,
        courses.daily_goal_xp as course_goal_xp,
        enrollment_goals.daily_goal_xp as enrollment_goal_xp
    from enrolled
    asof left join enrollment_goals
        on
            enrolled.enrollment_id = enrollment_goals.record_id
            and enrolled.ends_at > enrollment_goals.known_from_at
    asof left join courses
        on enrolled.course_id = courses.record_id and enrolled.ends_at > courses.known_from_at

),

-- Ruling n: what names no subject is divided evenly over the day's subjects, and in each over its
-- courses.
shared as (

    select
        *,
        count(distinct coalesce(subject, '')) over (partition by student_id, local_on)
        * count(*) over (partition by student_id, local_on, coalesce(subject, '')) as share_count
    from placed

),

final as (

    select
        student_id,
        local_on,
        course_id,
        enrollment_id,
        subject,
        case
            when enrollment_goal_xp is not null then 'enrollment'
            when student_goal_xp is not null then 'student'
            when course_goal_xp is not null then 'course'
            when school_goal_xp is not null then 'school'
            else 'default'
        end as goal_source,
        coalesce(
            enrollment_goal_xp,
            student_goal_xp / share_count,
            course_goal_xp,
            coalesce(school_goal_xp, {{ var('default_goal_xp') }}) / share_count
        ) as goal_xp
    from shared

)

select * from final
