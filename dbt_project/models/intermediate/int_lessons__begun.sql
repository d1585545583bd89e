{{ config(
    materialized='incremental',
    meta={'units': [keys('int_events__verdicts__delta', ['student_id', 'lesson_id'])]},
) }}

-- Nothing that a student did in a lesson is older than this, so that who looks for it can leave out
-- what is. Only ever moves back: a bound that is too early costs time and is never wrong.
with events as (

    {% if is_small_build() %}
        select student_id, lesson_id, if(is_added and verdict = 'accepted', day, null) as day
        from {{ delta('int_events__verdicts') }}
        union all
        select begun.student_id, begun.lesson_id, begun.first_day
        from {{ previous('int_lessons__begun') }} as begun
        semi join {{ delta('int_events__verdicts') }} using (student_id, lesson_id)
    {% else %}
        select student_id, lesson_id, day from {{ ref('int_events__verdicts') }}
        where verdict = 'accepted'
    {% endif %}

),

final as (

    select
        student_id,
        lesson_id,
        min(day) as first_day
    from events
    where student_id is not null and lesson_id is not null
    group by student_id, lesson_id
    having min(day) is not null
    order by student_id, lesson_id

)

select * from final
