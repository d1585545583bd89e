{{ config(materialized='table') }}

-- The ids that new events may mean, day by day.
with references_sent as (

    select
        client_id,
        day,
        unnest(
            student_keys || course_keys || part_keys || lesson_keys || assignable_keys
            || assignable_part_keys
        ) as record_id
    from {{ ref('int_events__touched') }}
    where {{ has_arrived() }}

),

final as (

    select distinct client_id, day, record_id from references_sent

)

select * from final
