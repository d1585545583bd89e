{{ config(
    materialized='incremental',
    meta={'units': [lessons()]},
    sorted_by=['student_id', 'course_id'],
) }}

with lessons as (

    select * from {{ ref('int_mastery__lessons') }}

),

items as (

    select * from {{ ref('int_mastery__items') }}

),

mastered as (

    select * from {{ ref('int_mastery__first') }}
    where {{ in_lessons('student_id', 'lesson_id') }}

),

reviewed as (

    select * from {{ ref('int_mastery__reviewed') }}

),

catalog as (

    select lesson_id, client_id, course_id, subject from {{ ref('dim_lessons') }}

),

students as (

    select student_id, school_id from {{ ref('dim_students') }}

),

final as (

    select
        lessons.student_id,
        catalog.client_id,
        catalog.course_id,
        lessons.lesson_id,
        catalog.subject,
        students.school_id,
        case
            when reviewed.failed_at is not null then 'needs_review'
            when mastered.first_mastered_at is not null then 'mastered'
            when lessons.has_proficient_attempt or items.is_proficient then 'proficient'
            when lessons.item_count > 0 then 'practicing'
            when lessons.is_started then 'started'
            else 'not_started'
        end as mastery_state,
        lessons.best_score_ratio,
        lessons.latest_score_ratio,
        lessons.item_count,
        lessons.correct_count,
        lessons.attempt_count,
        items.last_ten_ratio,
        coalesce(items.last_ten_count, 0)::bigint as last_ten_count,
        coalesce(items.is_struggling, false) and mastery_state <> 'mastered' as is_struggling,
        mastered.first_mastered_at,
        mastered.first_mastered_on,
        lessons.last_activity_at,
        items.p_known,
        lessons.active_seconds
    from lessons
    left join items using (student_id, lesson_id)
    left join mastered using (student_id, lesson_id)
    left join reviewed using (student_id, lesson_id)
    inner join catalog on lessons.lesson_id = catalog.lesson_id
    left join students on lessons.student_id = students.student_id
    order by student_id, course_id, lesson_id

)

select * from final
