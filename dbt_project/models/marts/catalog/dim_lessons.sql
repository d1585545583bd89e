with lessons as (

    select * from {{ ref('stg_catalog__lessons') }}
    qualify row_number() over (partition by lesson_id order by version desc) = 1

),

units as (

    select * from {{ ref('stg_catalog__units') }}
    qualify row_number() over (partition by unit_id order by version desc) = 1

),

courses as (

    select course_id, subject from {{ ref('dim_courses') }}

),

placed as (

    select
        lessons.lesson_id,
        lessons.lesson_title,
        lessons.unit_id,
        units.unit_title,
        coalesce(lessons.course_id, units.course_id) as course_id,
        lessons.owner_client_id as client_id,
        lessons.status = 'active' as is_active,
        units.sort_order as unit_sort_order,
        lessons.sort_order
    from lessons
    left join units on lessons.unit_id = units.unit_id

),

final as (

    select
        placed.lesson_id,
        placed.lesson_title,
        cast(row_number() over (
            partition by placed.course_id
            order by
                placed.unit_sort_order asc nulls last,
                placed.unit_id asc nulls last,
                placed.sort_order asc nulls last,
                placed.lesson_id asc
        ) as integer) as lesson_position,
        placed.unit_id,
        placed.unit_title,
        placed.course_id,
        placed.client_id,
        coalesce(courses.subject, 'Other') as subject,
        placed.is_active
    from placed
    left join courses on placed.course_id = courses.course_id
    order by course_id, lesson_position

)

select * from final
