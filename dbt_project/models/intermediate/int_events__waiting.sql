{{ config(
    materialized='incremental',
    meta={'units': [
        keys('int_records__changed', ['record_id']),
        keys('int_events__keyed', ['client_id', 'day', 'record_id']),
    ]},
) }}

-- When such a record lands, the events of that client and day are looked through for it, and they
-- wait for it no longer.
with keyed as (

    select * from {{ ref('int_events__keyed') }}

),

known as (

    select student_id as record_id from {{ ref('dim_students') }}
    union all
    select course_id from {{ ref('dim_courses') }}
    union all
    select lesson_id from {{ ref('dim_lessons') }}

),

final as (

    select keyed.client_id, keyed.day, keyed.record_id
    from keyed
    anti join known using (record_id)
    order by keyed.day, keyed.record_id, keyed.client_id

)

select * from final
