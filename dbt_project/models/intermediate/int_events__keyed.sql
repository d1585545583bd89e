{{ config(
    materialized='incremental',
    incremental_strategy='append',
) }}

with events as (

    select * from {{ ref('stg_caliper__events') }}
    {% if is_incremental() %}
        where load_id > (select coalesce(max(load_id), -1) from {{ this }})
    {% endif %}

),

final as (

    select
        load_id,
        journal_seq,
        event_index,
        client_id,
        event_hash,
        {{ id_keys('student_ref') }} as student_keys,
        {{ id_keys('course_ref') }} as course_keys,
        {{ id_keys('object_part_ref') }} as part_keys,
        {{ id_keys('lesson_ref') }} as lesson_keys,
        {{ id_keys('assignable_ref') }} as assignable_keys,
        {{ id_keys('assignable_part_ref') }} as assignable_part_keys
    from events

)

select * from final
