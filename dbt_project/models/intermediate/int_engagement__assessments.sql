-- Rule E4: a whole assessment, from its first event to its last, its pauses taken out. A pause
-- lasts to the next event of the same attempt.
with events as (

    select
        events.*,
        mapped.session_id,
        coalesce(events.attempt_ref, events.generated_ref, events.object_ref, '') as assessment_ref
    from {{ ref('int_events__accepted') }} as events
    left join {{ ref('int_sessions__events') }} as mapped using (journal_seq, event_index)
    where
        events.event_type = 'AssessmentEvent'
        and {{ in_lessons('events.student_id', 'events.lesson_id') }}

),

paused as (

    select
        *,
        row_number() over assessment_time as place,
        case
            when action = 'Paused'
                then {{ seconds_between(
                    'occurred_at', 'lead(occurred_at) over assessment_time'
                ) }}
        end as paused_seconds
    from events
    window assessment_time as (
        partition by student_id, client_id, app_id, course_id, lesson_id, assessment_ref
        order by occurred_at, event_id
    )

),

summed as (

    select
        'assessment' as fact_type,
        student_id,
        client_id,
        app_id,
        course_id,
        lesson_id,
        assessment_ref,
        min_by(subject, place) as subject,
        min_by(session_id, place) as session_id,
        min_by(object_ref, place) as object_ref,
        min_by(object_name, place) as object_name,
        min_by(local_on, place) as local_on,
        min_by(event_id, place) as source_event_id,
        min(occurred_at) as started_at,
        max(occurred_at) as ended_at,
        coalesce(round(sum(paused_seconds), 6), 0) as paused_seconds,
        max_by(action, place) as last_action,
        max_by(score_given, place) as score_given,
        max_by(max_score, place) filter (where score_given is not null)
            as max_score
    from paused
    group by all

),

final as (

    select
        * exclude (assessment_ref, last_action),
        case last_action
            when 'Submitted' then 'submitted'
            when 'Completed' then 'completed'
            when 'Paused' then 'paused'
            when 'Reset' then 'reset'
            else 'started'
        end as state
    from summed

)

select * from final
