-- Rule E2: the life of an assignment, from its start to its end; a start after an end begins
-- another life. What never ended is abandoned once the session it was last seen in is over.
with events as (

    select
        events.*,
        mapped.session_id,
        coalesce(events.attempt_ref, events.object_ref, '') as assignment_ref,
        events.action in ('Completed', 'Submitted', 'Deactivated') as is_end
    from {{ ref('int_events__accepted') }} as events
    left join {{ ref('int_sessions__events') }} as mapped using (journal_seq, event_index)
    where
        events.event_type = 'AssignableEvent'
        and {{ in_lessons('events.student_id', 'events.lesson_id') }}

),

ended as (

    select
        *,
        count_if(is_end) over assignment_time - is_end::integer as ends_before,
        row_number() over assignment_time as place
    from events
    window assignment_time as (
        partition by student_id, client_id, app_id, course_id, lesson_id, assignment_ref
        order by occurred_at, event_id
    )

),

lived as (

    select
        *,
        max(if(action in ('Started', 'Activated'), ends_before, 0)) over (
            partition by student_id, client_id, app_id, course_id, lesson_id, assignment_ref
            order by place
        ) as life
    from ended

),

summed as (

    select
        'assignment' as fact_type,
        student_id,
        client_id,
        app_id,
        course_id,
        lesson_id,
        assignment_ref,
        life,
        min_by(subject, place) as subject,
        min_by(session_id, place) as session_id,
        max_by(session_id, place) as last_session_id,
        min_by(object_ref, place) as object_ref,
        min_by(object_name, place) as object_name,
        min_by(local_on, place) as local_on,
        min_by(event_id, place) as source_event_id,
        min(occurred_at) as started_at,
        min(occurred_at) filter (where is_end) as ended_at,
        sum(duration_seconds order by place) as measured_seconds,
        bool_or(action = 'Reviewed') as is_reviewed,
        bool_or(action = 'Submitted') as is_submitted,
        bool_or(is_end) as is_ended
    from lived
    group by all

),

final as (

    select
        summed.* exclude (
            life, assignment_ref, last_session_id, is_reviewed, is_submitted, is_ended
        ),
        case
            when summed.is_reviewed then 'reviewed'
            when summed.is_submitted then 'submitted'
            when summed.is_ended then 'completed'
            when sessions.end_reason = 'open' then 'started'
            else 'abandoned'
        end as state
    from summed
    left join {{ ref('fct_sessions') }} as sessions
        on summed.last_session_id = sessions.session_id

)

select * from final
