{{ config(materialized='table') }}

{{ after('int_events__arrived', 'int_events__landed', 'int_records__changed', 'int_enrollments__changed', 'stg_catalog__users') }}
-- The events of earlier loads that a build judges anew: other arrivals of an id that arrived since
-- the last one, those that named a record before it was there, and those that a changed record
-- bears on. A table of its own, so that DuckDB knows how few they are before it reads wide rows. In
-- a full build none is named.
{% if is_small_build() %}

-- Each part names its source itself: a CTE that several parts share would be read whole.
with changed as (

    select * from {{ ref('int_records__changed') }}

),

moved as (

    select users.user_id as student_id, min(changed.changed_at) as changed_at
    from {{ ref('stg_catalog__users') }} as users
    inner join changed
        on
            (changed.record_type = 'user' and changed.record_id = users.user_id)
            or (changed.record_type = 'org' and changed.record_id = users.school_id)
    group by users.user_id
    union all
    select student_id, timestamptz '-infinity'
    from {{ ref('int_enrollments__changed') }}
    where is_recorded

),

redone as (

    select client_id, event_hash from {{ ref('int_events__arrived') }}
    union
    select client_id, event_hash from {{ ref('int_events__landed') }}
    union
    select judged.client_id, judged.event_hash
    from {{ previous('int_events__verdicts') }} as judged
    semi join moved
        on
            judged.student_id = moved.student_id
            and judged.occurred_at >= moved.changed_at - interval 1 day
    union
    select judged.client_id, judged.event_hash
    from {{ previous('int_events__verdicts') }} as judged
    semi join changed
        on
            changed.record_type = 'course'
            and judged.course_id = changed.record_id
            and judged.occurred_at >= changed.changed_at - interval 1 day
    union
    select judged.client_id, judged.event_hash
    from {{ previous('int_events__verdicts') }} as judged
    semi join changed
        on
            changed.record_type = 'lesson'
            and judged.lesson_id = changed.record_id
            and judged.occurred_at >= changed.changed_at - interval 1 day
    union
    select judged.client_id, judged.event_hash
    from {{ previous('int_events__verdicts') }} as judged
    semi join changed
        on changed.record_type = 'client' and judged.client_id = changed.record_id

),

final as (

    select judged.day, judged.journal_seq, judged.event_index
    from {{ previous('int_events__verdicts') }} as judged
    semi join redone
        on judged.client_id = redone.client_id and judged.event_hash = redone.event_hash

)

{% else %}

with final as (

    select day, journal_seq, event_index from {{ ref('int_events__arrived') }}
    where false

)

{% endif %}

select * from final
