{{ config(materialized='table') }}

-- An attempt may be answered in one lesson and graded or corrected in another: where one of the two
-- is redone, so must the other be.
with named as (

    select
        verdicts.student_id,
        verdicts.client_id,
        verdicts.lesson_id,
        recurring.link_hash
    from {{ ref('int_events__verdicts') }} as verdicts
    inner join {{ ref('int_attempts__recurring') }} as recurring
        using (day, journal_seq, event_index)
    where {{ not_before('int_attempts__recurring', 'day', 'verdicts.day') }}

),

attempts as (

    select
        student_id,
        client_id,
        link_hash,
        list(distinct lesson_id) as lesson_ids
    from named
    group by student_id, client_id, link_hash
    having min(lesson_id) <> max(lesson_id)

),

pairs as (

    select distinct student_id, unnest(lesson_ids) as lesson_id, lesson_ids
    from attempts

),

final as (

    select distinct student_id, lesson_id, unnest(lesson_ids) as linked_lesson_id
    from pairs

)

select * from final
where lesson_id <> linked_lesson_id
