with events as (

    select * from {{ ref('int_attempts__events') }}
    where {{ this_run('student_id') }}

),

graded as (

    select distinct student_id, client_id, lesson_id, attempt_key, assessed_ref, score_type
    from events
    where event_family in ('grade', 'assessment') and score_type is not null

),

result_events as (

    select * from events
    where score_type is not null
    union all
    select events.* replace (coalesce(graded.score_type, 'SCORE') as score_type)
    from events
    left join graded
        on
            events.student_id = graded.student_id
            and events.client_id = graded.client_id
            and events.lesson_id = graded.lesson_id
            and events.attempt_key = graded.attempt_key
            and events.assessed_ref = graded.assessed_ref
    where events.score_type is null

),

final as (

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
        arg_max(local_on, (occurred_at, event_id)) as scored_on,
        arg_max(app_id, (occurred_at, event_id)) as app_id,
        arg_max_null(class_id, (occurred_at, event_id)) as class_id,
        arg_max(object_name, (occurred_at, event_id))
            filter (where object_ref = assessed_ref) as assessed_name,
        bool_or(event_family = 'assessment' and action = 'Started') as is_begun,
        bool_or(
            (event_family = 'assessment' and action = 'Submitted')
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
            (occurred_at, event_id)
        ) filter (where score_given is not null) as score,
        sum(score_given) as score_sum,
        sum(max_score) filter (where score_given is not null) as max_score_sum,
        coalesce(
            arg_max(event_id, (occurred_at, event_id)) filter (where score_given is not null),
            arg_max(event_id, (occurred_at, event_id))
        ) as source_event_id
    from result_events
    group by all

)

select * from final
