-- An enrollment's dates are those of its newest active version, for every day. A deletion (its
-- own or its class's) ends it at that instant; what was credited before stays.
with enrollments as (

    {{ last_active_versions(ref('stg_catalog__enrollments'), 'enrollment_id') }}

),

classes as (

    select
        *,
        max_by(status, version) over (partition by class_id) as newest_status,
        max(recorded_at) filter (where status = 'tobedeleted')
            over (partition by class_id) as deleted_at
    from {{ ref('stg_catalog__classes') }}
    qualify row_number() over (partition by class_id order by version desc) = 1

),

courses as (

    select course_id, client_id from {{ ref('dim_courses') }}

),

final as (

    select
        enrollments.enrollment_id,
        enrollments.student_id,
        enrollments.class_id,
        classes.course_id,
        courses.client_id,
        coalesce(enrollments.school_id, classes.school_id) as school_id,
        enrollments.role,
        enrollments.is_primary,
        enrollments.begin_on,
        enrollments.end_on,
        least(
            enrollments.ended_at,
            case when classes.newest_status = 'tobedeleted' then classes.deleted_at end
        ) as ended_at
    from enrollments
    left join classes on enrollments.class_id = classes.class_id
    left join courses on classes.course_id = courses.course_id

)

select * from final
