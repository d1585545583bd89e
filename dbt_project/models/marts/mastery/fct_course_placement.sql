{{ config(
    materialized='incremental',
    meta={'units': [courses()]},
    sorted_by=['student_id', 'course_id'],
) }}

with mastery as (

    select
        mastery.student_id,
        lessons.client_id,
        mastery.course_id,
        mastery.lesson_id,
        mastery.mastery_state,
        mastery.mastery_state in ('proficient', 'mastered') as is_proficient,
        coalesce(mastered.is_unpractised, false) and mastery.mastery_state = 'mastered' as is_ahead,
        lessons.lesson_position
    from {{ ref('fct_lesson_mastery') }} as mastery
    inner join {{ ref('dim_lessons') }} as lessons
        on mastery.lesson_id = lessons.lesson_id and lessons.is_active
    left join {{ ref('int_mastery__first') }} as mastered
        on
            mastery.student_id = mastered.student_id
            and mastery.lesson_id = mastered.lesson_id
    where {{ is_touched(courses('mastery.student_id', 'mastery.course_id')) }}

),

reached as (

    select
        *,
        max(lesson_position) filter (where mastery_state <> 'not_started') over (
            partition by student_id, course_id
        ) as furthest_position
    from mastery

),

final as (

    select
        student_id,
        client_id,
        course_id,
        count(*) as lesson_count,
        count(*) filter (where mastery_state = 'mastered') as mastered_count,
        count(*) filter (where is_proficient) as proficient_count,
        coalesce(
            list(lesson_id order by lesson_position) filter (
                where not is_proficient and lesson_position < furthest_position
            ),
            []
        ) as gap_lesson_ids,
        arg_min(lesson_id, lesson_position) filter (where not is_proficient) as next_lesson_id,
        coalesce(
            list(lesson_id order by lesson_position) filter (where is_ahead), []
        ) as ahead_lesson_ids
    from reached
    group by student_id, client_id, course_id
    order by student_id, course_id

)

select * from final
