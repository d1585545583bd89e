{{ config(
    materialized='incremental',
    meta={'units': [lessons('scored_on')]},
    partitioned_by=['year(scored_on)', 'month(scored_on)'],
    sorted_by=['lesson_id', 'student_id'],
) }}

with attempts as (

    select
        *,
        {{ uuid5('to_json([course_id, lesson_id, assessed_ref, score_type])::varchar') }}
            as line_item_id
    from {{ ref('int_attempts__scored') }}

),

items as (

    select
        student_id,
        client_id,
        lesson_id,
        attempt_key,
        count(*) as answered_count,
        count(*) filter (where is_scored) as scored_count,
        count(*) filter (where is_correct) as correct_count
    from {{ ref('fct_item_responses') }}
    where {{ in_lessons('student_id', 'lesson_id', 'answered_on') }}
    group by all

),

counted as (

    select
        attempts.*,
        coalesce(items.scored_count, 0) as scored_item_count,
        case
            when attempts.is_xp then null
            when attempts.is_item_level then (attempts.score_given is not null)::bigint
            else coalesce(items.answered_count, attempts.sent_question_count)
        end as item_count,
        case
            when attempts.is_xp then null
            when attempts.is_item_level
                then (attempts.score_given >= coalesce(attempts.max_score, 1))::bigint
            when items.answered_count is not null then items.correct_count
            else attempts.sent_correct_count
        end as correct_count
    from attempts
    left join items
        on
            attempts.student_id = items.student_id
            and attempts.client_id = items.client_id
            and attempts.lesson_id = items.lesson_id
            and attempts.attempt_key = items.attempt_key

),

final as (

    select
        *,
        {{ uuid5('to_json([line_item_id, student_id, attempt_key])::varchar') }} as result_id,
        100 * score_given / nullif(max_score, 0) as score_percent,
        case
            when score_given is not null then 'fully graded'
            when scored_item_count > 0 and not is_xp and not is_item_level then 'partially graded'
            when is_submitted then 'submitted'
            else 'not submitted'
        end as score_status,
        score_given is null and not is_submitted as is_in_progress,
        coalesce(score_given > max_score and max_score > 0, false) as is_above_max
    from counted

)

select * from final
