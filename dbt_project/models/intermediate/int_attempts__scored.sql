-- Rule h: an assessment that says how many questions were right, and has no score, is scored by
-- them. A grade of one question is the question's (fct_item_responses), never the whole's.
with result_events as (

    select * from {{ ref('int_attempts__shared') }}

),

summed as (

    select
        student_id,
        client_id,
        course_id,
        lesson_id,
        attempt_key,
        assessed_ref,
        score_type,
        score_type = 'XP' as is_xp,
        min(occurred_at) as started_at,
        max(occurred_at) as scored_at,
        arg_max(local_on, attempt_place) as scored_on,
        arg_max(app_id, attempt_place) as app_id,
        arg_max(subject, attempt_place) as subject,
        arg_max_null(class_id, attempt_place) as class_id,
        arg_max_null(session_id, attempt_place) as last_session_id,
        arg_max(object_name, attempt_place)
            filter (where object_ref = assessed_ref) as assessed_name,
        bool_or(event_family = 'assessment' and action = 'Started') as is_begun,
        bool_or(
            (event_family = 'assessment' and action in ('Submitted', 'Completed'))
            or event_family in ('grade', 'item_grade', 'xp')
        ) as is_submitted,
        arg_max(
            {
                'given': score_given,
                'largest': max_score,
                'question_count': question_count,
                'correct_count': correct_count,
                'comment': score_comment,
            },
            attempt_place
        ) filter (where score_given is not null) as score,
        arg_max({'questions': question_count, 'correct': correct_count}, attempt_place) filter (
            where
                event_family = 'assessment'
                and score_given is null
                and question_count > 0
                and correct_count is not null
        ) as counts,
        sum(score_given order by attempt_place) as score_sum,
        sum(max_score order by attempt_place)
            filter (where score_given is not null) as max_score_sum,
        coalesce(
            arg_max(event_id, attempt_place) filter (where score_given is not null),
            arg_max(event_id, attempt_place)
        ) as source_event_id
    from result_events
    group by all

),

final as (

    select
        * exclude (score, score_sum, max_score_sum, counts),
        case
            when is_xp then score_sum
            when score is null then counts.correct
            else score.given
        end as score_given,
        case
            when is_xp then max_score_sum
            when score is null then counts.questions
            else score.largest
        end as max_score,
        if(score is null, counts.questions, score.question_count) as sent_question_count,
        if(score is null, counts.correct, score.correct_count) as sent_correct_count,
        score is null and counts is not null as is_scored_by_counts,
        score.comment as score_comment
    from summed

)

select * from final
