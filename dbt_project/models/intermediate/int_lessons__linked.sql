{{ config(
    materialized='incremental',
    incremental_strategy='append',
) }}

{{ after('int_events__touched') }}
-- An attempt may be answered in one lesson and graded or corrected in another: where one of the two
-- is redone, so must the other be.
with events as (

    select student_id, client_id, lesson_id, day, journal_seq, event_index, attempt_hash, object_hash
    from {{ ref('int_events__verdicts') }}
    where verdict = 'accepted' and (attempt_hash is not null or object_hash is not null)

),

named as (

    select *, attempt_hash as link_hash from events
    where attempt_hash is not null
    union all
    select *, object_hash from events
    where object_hash is not null and object_hash is distinct from attempt_hash

),

{% if is_small_build() %}

redone as (

    select distinct named.link_hash
    from named
    semi join {{ ref('int_events__touched') }} as touched using (day, journal_seq, event_index)

),

{% endif %}

attempts as (

    select
        student_id,
        client_id,
        link_hash,
        list(distinct lesson_id) as lesson_ids
    from named
    {% if is_small_build() %}
        semi join redone using (link_hash)
    {% endif %}
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
