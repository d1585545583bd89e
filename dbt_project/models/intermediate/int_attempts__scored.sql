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
        bool_or(event_family = 'item_grade') as is_item_level,
        min(occurred_at) as started_at,
        max(occurred_at) as scored_at,
        arg_max(local_on, attempt_place) as scored_on,
        arg_max(app_id, attempt_place) as app_id,
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
        * exclude (score, score_sum, max_score_sum),
        case when is_xp then score_sum else score.given end as score_given,
        case when is_xp then max_score_sum else score.largest end as max_score,
        score.question_count as sent_question_count,
        score.correct_count as sent_correct_count,
        score.comment as score_comment
    from summed

)

select * from final
