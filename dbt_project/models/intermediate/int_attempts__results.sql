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
        assessed_ref,
        count(*) as answered_count,
        count(*) filter (where is_scored) as scored_count,
        count(*) filter (where is_correct) as correct_count,
        sum(score_given order by answered_at, response_id) filter (where is_scored) as score_sum,
        sum(coalesce(max_score, 1) order by answered_at, response_id) filter (where is_scored)
            as max_score_sum
    from {{ ref('fct_item_responses') }}
    where {{ in_lessons('student_id', 'lesson_id', 'answered_on') }}
    group by all

),

counted as (

    select
        attempts.*,
        items.score_sum,
        items.max_score_sum,
        -- Ruling i: what was handed in and has no grade is graded by its items, once all are scored.
        attempts.is_submitted
        and not attempts.is_xp
        and attempts.score_given is null
        and coalesce(items.answered_count = items.scored_count, false) as is_graded_by_items,
        attempts.score_given is not null as is_graded_whole,
        coalesce(items.scored_count, 0) as scored_item_count,
        case
            when attempts.is_xp then null
            else coalesce(items.answered_count, attempts.sent_question_count)
        end as item_count,
        case
            when attempts.is_xp then null
            when items.answered_count is not null then items.correct_count
            else attempts.sent_correct_count
        end as correct_count,
        attempts.is_scored_by_counts and items.answered_count is null as has_counts_alone
    from attempts
    left join items
        on
            attempts.student_id = items.student_id
            and attempts.client_id = items.client_id
            and attempts.lesson_id = items.lesson_id
            and attempts.attempt_key = items.attempt_key
            and attempts.assessed_ref = items.assessed_ref

),

graded as (

    select
        * exclude (score_sum, max_score_sum)
        replace (
            if(is_graded_by_items, score_sum, score_given) as score_given,
            if(is_graded_by_items, max_score_sum, max_score) as max_score
        )
    from counted

),

final as (

    select
        *,
        {{ uuid5('to_json([line_item_id, student_id, attempt_key])::varchar') }} as result_id,
        100 * score_given / nullif(max_score, 0) as score_percent,
        case
            when score_given is not null then 'fully graded'
            when scored_item_count > 0 and not is_xp then 'partially graded'
            when is_submitted then 'submitted'
            else 'not submitted'
        end as score_status,
        score_given is null and not is_submitted as is_in_progress,
        coalesce(score_given > max_score and max_score > 0, false) as is_above_max
    from graded

)

select * from final
