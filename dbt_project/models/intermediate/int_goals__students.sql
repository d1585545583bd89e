{{ config(materialized='table') }}

-- The span of days that this build judges: from the first one that something touched, and since the
-- last build of every student once a minute, because a day is judged anew as it passes. A student's
-- days begin when an enrollment does or, if that is later, when it was first recorded; but as early
-- as its events do (ruling o).
with first_versions as (

    select
        enrollment_id,
        min(recorded_at) as recorded_at
    from {{ ref('stg_catalog__enrollments') }}
    group by all

),

students as (

    select
        *,
        {{ local_date(as_of(), 'timezone') }} as today
    from {{ ref('dim_students') }}

),

enrollments as (

    select
        students.student_id,
        students.today,
        greatest(
            enrollments.begin_on,
            {{ local_date('first_versions.recorded_at', 'students.timezone') }}
        ) as begin_on,
        least(
            enrollments.end_on,
            {{ local_date('enrollments.ended_at', 'students.timezone') }} - 1,
            students.today
        ) as end_on
    from {{ ref('int_enrollments__current') }} as enrollments
    inner join first_versions on enrollments.enrollment_id = first_versions.enrollment_id
    inner join students on enrollments.student_id = students.student_id
    where enrollments.role = 'student'

),

activity as (

    select
        student_id,
        min(local_on) as first_on,
        max(local_on) as last_on
    from {{ ref('agg_student_day_lesson__activity') }}
    where event_count > 0
    group by all

),

spans as (

    select
        enrollments.student_id,
        enrollments.today,
        least(min(enrollments.begin_on), min(activity.first_on), enrollments.today) as first_on,
        least(
            greatest(max(enrollments.end_on), max(activity.last_on)), enrollments.today
        ) as last_on
    from enrollments
    left join activity on enrollments.student_id = activity.student_id
    group by enrollments.student_id, enrollments.today

),

changes as (

    select student_id, changed_on from {{ ref('int_goals__changed') }}
    union all
    select student_id, min(local_on) from {{ ref('int_days__touched') }}
    group by student_id
    union all
    select student_id, {{ local_date(marked_as_of(), 'timezone') }} - 1 from students
    where
        date_trunc('minute', timezone(timezone, {{ as_of() }}))
        <> date_trunc('minute', timezone(timezone, {{ marked_as_of() }}))

),

changed as (

    select student_id, min(changed_on) as redone_from_on from changes
    group by student_id

),

former as (

    {% if is_small_build() %}
        select student_id, max(local_on) as last_on
        from {{ previous('fct_daily_goals') }}
        where student_id in (select student_id from changed)
        group by student_id
    {% else %}
        select student_id, today as last_on from students
        where false
    {% endif %}

),

-- The days between the former last day and the new one came or went, whatever else was touched.
redone as (

    select
        changed.student_id,
        spans.today,
        spans.first_on,
        spans.last_on,
        least(
            changed.redone_from_on,
            if(former.last_on <> spans.last_on, least(former.last_on, spans.last_on) + 1, null)
        ) as redone_from_on
    from changed
    left join spans on changed.student_id = spans.student_id
    left join former on changed.student_id = former.student_id

),

final as (

    select
        student_id,
        redone_from_on,
        today,
        greatest(first_on, redone_from_on) as first_on,
        last_on
    from redone

)

select * from final
