{{ after('dim_students', 'int_goals__terms') }}
-- From which day on a changed record judges a student's days otherwise: a goal, a calendar, a
-- school; an enrollment over all its days; a school's terms since ever, because the first one ends
-- the days before it; and the zone, because it says on which day an enrollment was recorded.
with changed as (

    select
        *,
        changed_at::date - 1 as changed_on
    from {{ ref('int_records__changed') }}

),

schools as (

    select distinct user_id as student_id, school_id from {{ ref('stg_catalog__users') }}

),

final as (

    select record_id as student_id, changed_on from changed
    where record_type = 'user'
    union all
    select schools.student_id, changed.changed_on
    from schools
    inner join changed on changed.record_type = 'org' and schools.school_id = changed.record_id
    union all
    select enrollments.student_id, changed.changed_on
    from {{ ref('int_enrollments__current') }} as enrollments
    inner join changed
        on changed.record_type = 'course' and enrollments.course_id = changed.record_id
    union all
    select student_id, date '-infinity' from {{ ref('int_enrollments__changed') }}
    where is_recorded
    {% if is_small_build() %}
        union all
        select student_id, date '-infinity' from {{ delta('dim_students') }}
        group by student_id
        having min(timezone) <> max(timezone)
        union all
        select student_id, date '-infinity' from schools
        where school_id in (select school_id from {{ delta('int_goals__terms') }})
    {% endif %}

)

select * from final
