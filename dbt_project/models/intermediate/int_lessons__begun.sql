{{ config(
    materialized='incremental',
    incremental_strategy='append',
    sorted_by=['student_id', 'lesson_id'],
) }}

{{ after('int_events__touched') }}
-- Nothing that a student did in a lesson is older than this, so that who looks for it can leave out
-- older files. Only ever moves back: a bound that is too early costs time and is never wrong.
with events as (

    select student_id, lesson_id, min(day) as first_day
    from {{ ref('int_events__verdicts') }}
    {% if is_small_build() %}
        semi join {{ ref('int_events__touched') }} as touched using (day, journal_seq, event_index)
    {% endif %}
    where verdict = 'accepted' and student_id is not null and lesson_id is not null
    group by student_id, lesson_id

),

{% if is_small_build() %}

known as (

    select student_id, lesson_id, min(first_day) as first_day
    from {{ previous('int_lessons__begun') }}
    group by student_id, lesson_id

),

{% endif %}

final as (

    select events.student_id, events.lesson_id, events.first_day
    from events
    {% if is_small_build() %}
        left join known using (student_id, lesson_id)
        where known.first_day is null or events.first_day < known.first_day
    {% endif %}
    order by events.student_id, events.lesson_id

)

select * from final
