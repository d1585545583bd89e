{{ config(
    incremental_strategy='touched_any_lessons',
    sorted_by=['client_id', 'course_id', 'lesson_id'],
) }}

with responses as (

    select
        response_id,
        item_ref,
        client_id,
        course_id,
        lesson_id,
        student_id,
        attempt_key,
        is_scored,
        is_correct::integer as correct
    from {{ ref('fct_item_responses') }}
    where {{ in_any_lesson('lesson_id', 'answered_on') }}

),

rests as (

    select
        *,
        sum(correct) over attempt - correct as rest_correct,
        count(correct) over attempt - 1 as rest_count
    from responses
    window attempt as (partition by student_id, client_id, lesson_id, attempt_key)

),

final as (

    select
        item_ref,
        client_id,
        course_id,
        lesson_id,
        count(*) as response_count,
        avg(correct) as difficulty,
        case
            when
                count(distinct correct) filter (where rest_count > 0) > 1
                and count(distinct rest_correct / rest_count) filter (
                    where is_scored and rest_count > 0
                ) > 1
                then corr(correct, rest_correct / rest_count order by response_id)
                    filter (where rest_count > 0)
        end as discrimination
    from rests
    where item_ref is not null
    group by item_ref, client_id, course_id, lesson_id
    order by client_id, course_id, lesson_id, item_ref

)

select * from final
