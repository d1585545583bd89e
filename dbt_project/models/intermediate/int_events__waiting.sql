{{ config(
    materialized='incremental',
    incremental_strategy='append',
    sorted_by=['record_id'],
) }}

-- When such a record lands, the events of that client and day are looked through for it.
with keyed as (

    select
        client_id,
        day,
        load_id,
        unnest(
            student_keys || course_keys || part_keys || lesson_keys || assignable_keys
            || assignable_part_keys
        ) as record_id
    from {{ ref('int_events__touched') }}
    where load_id > {{ marked_load_id() }}

),

known as (

    select student_id as record_id from {{ ref('dim_students') }}
    union all
    select course_id from {{ ref('dim_courses') }}
    union all
    select lesson_id from {{ ref('dim_lessons') }}

),

final as (

    select distinct client_id, day, record_id
    from keyed
    anti join known using (record_id)
    order by record_id

)

select * from final
