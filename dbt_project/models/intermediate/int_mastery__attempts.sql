{{ config(materialized='table') }}

with items as (

    select
        student_id,
        client_id,
        lesson_id,
        attempt_key,
        assessed_ref,
        count(*) as item_count,
        count(*) filter (where is_correct) as correct_count,
        min(answered_at) as first_evidence_at,
        max(answered_at) as evidence_at,
        arg_max(answered_on, (answered_at, response_id)) as evidence_on
    from {{ ref('fct_item_responses') }}
    where is_scored and {{ in_lessons('student_id', 'lesson_id', 'answered_on') }}
    group by all

),

open_sessions as (

    select session_id from {{ ref('int_sessions__bounded') }}
    where end_reason = 'open'

),

results as (

    select
        student_id,
        client_id,
        lesson_id,
        attempt_key,
        assessed_ref,
        min(started_at) as began_at,
        bool_or(is_submitted) as is_submitted,
        bool_or(is_graded_whole) as is_graded_whole,
        bool_and(
            is_begun
            and not is_submitted
            and score_given is null
            and open_sessions.session_id is not null
        ) as is_unfinished,
        arg_max(
            {
                'ratio': coalesce(
                    score_given / nullif(max_score, 0),
                    sent_correct_count / nullif(sent_question_count, 0)
                ),
                'item_count': coalesce(nullif(sent_question_count, 0), 1),
                'correct_count': sent_correct_count,
                'started_at': started_at,
                'scored_at': scored_at,
                'scored_on': scored_on,
            },
            (score_type = 'SCORE', scored_at, score_type)
        ) filter (
            where score_given / nullif(max_score, 0) is not null
            or sent_correct_count / nullif(sent_question_count, 0) is not null
        ) as score
    from {{ ref('int_attempts__results') }}
    left join open_sessions on last_session_id = open_sessions.session_id
    where not is_xp and {{ in_lessons('student_id', 'lesson_id', 'scored_on') }}
    group by all

),

evidence as (

    select
        student_id,
        client_id,
        lesson_id,
        attempt_key,
        assessed_ref,
        coalesce(results.began_at, items.first_evidence_at) as began_at,
        coalesce(results.is_submitted, false) as is_submitted,
        coalesce(results.is_graded_whole, false) as is_graded_whole,
        coalesce(results.is_unfinished, false) as is_unfinished,
        coalesce(items.item_count, results.score.item_count) as item_count,
        coalesce(
            items.correct_count / items.item_count,
            greatest(least(results.score.ratio, 1), 0)
        ) as score_ratio,
        coalesce(items.correct_count, results.score.correct_count) as correct_count,
        coalesce(items.item_count, 0) as scored_item_count,
        coalesce(items.first_evidence_at, results.score.started_at) as first_evidence_at,
        coalesce(items.evidence_at, results.score.scored_at) as evidence_at,
        coalesce(items.evidence_on, results.score.scored_on) as evidence_on
    from items
    full join results using (student_id, client_id, lesson_id, attempt_key, assessed_ref)
    where items.item_count is not null or results.score is not null

),

final as (

    select
        * replace (
            coalesce(correct_count, round(score_ratio * item_count)::bigint) as correct_count
        ),
        not is_unfinished
        and score_ratio >= {{ var('mastered_ratio') }}
        and item_count >= {{ var('mastered_item_count') }} as is_mastering,
        not is_unfinished
        and score_ratio >= {{ var('proficient_ratio') }}
        and (is_graded_whole or scored_item_count >= {{ var('proficient_item_count') }})
            as is_proficient
    from evidence

)

select * from final
