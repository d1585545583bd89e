create table fct_engagement as
with events as (
    select judged.*, session_id from judged
    left join placed using (journal_seq, event_index)
    where judged.verdict = 'accepted'
        and event_type in ('AssessmentEvent', 'AssignableEvent')
),
followed as (
    select *, lead(occurred_at) over (
        partition by session_id order by occurred_at, event_id
    ) as next_event_at
    from placed
),
-- A view lasts to the next event of its session, at most 10 minutes, or as long as it says.
views as (
    select
        'view' as fact_type, judged.student_id, judged.client_id, judged.app_id,
        judged.course_id, judged.lesson_id, judged.subject, session_id, object_ref, object_name,
        judged.occurred_at - to_seconds(coalesce(judged.duration_seconds, 0)) as started_at,
        if(
            judged.duration_seconds is not null, judged.occurred_at,
            least(
                next_event_at, bounded.ended_at, judged.occurred_at + interval 10 minute
            )
        ) as ended_at,
        judged.local_on, 'viewed' as state, judged.event_id as source_event_id
    from judged
    left join followed using (journal_seq, event_index)
    left join bounded using (session_id)
    where judged.verdict = 'accepted' and judged.event_type = 'ViewEvent'
),
-- An assignment lives from its start to its end; a start after an end begins another life.
lived as (
    select *, count_if(action in ('Started', 'Activated')) over (
        partition by student_id, client_id, app_id, lesson_id,
            coalesce(attempt_ref, object_ref)
        order by occurred_at, event_id
    ) as life
    from events where event_type = 'AssignableEvent'
),
assignments as (
    select
        'assignment' as fact_type, student_id, client_id, app_id, course_id, lesson_id,
        coalesce(attempt_ref, object_ref) as assignment_ref, life,
        any_value(subject) as subject, min_by(session_id, (occurred_at, event_id)) as session_id,
        any_value(object_ref) as object_ref, any_value(object_name) as object_name,
        min(local_on) as local_on,
        min_by(event_id, (occurred_at, event_id)) as source_event_id,
        min(occurred_at) as started_at,
        min(occurred_at) filter (where action in ('Completed', 'Submitted', 'Deactivated'))
            as ended_at,
        coalesce(sum(duration_seconds), seconds_between(min(occurred_at), ended_at)) as seconds,
        case
            when bool_or(action = 'Reviewed') then 'reviewed'
            when bool_or(action = 'Submitted') then 'submitted'
            when ended_at is not null then 'completed'
            when max(occurred_at) > getvariable('as_of') - interval 30 minute then 'started'
            else 'abandoned'
        end as state
    from lived group by all
),
-- An assessment, its pauses taken out.
paused as (
    select *, if(
        action = 'Paused',
        seconds_between(occurred_at, lead(occurred_at) over (
            partition by student_id, client_id, app_id, lesson_id,
                coalesce(attempt_ref, generated_ref, object_ref)
            order by occurred_at, event_id
        )),
        null
    ) as paused_seconds
    from events where event_type = 'AssessmentEvent'
),
assessments as (
    select
        'assessment' as fact_type, student_id, client_id, app_id, course_id, lesson_id,
        coalesce(attempt_ref, generated_ref, object_ref) as assessment_ref,
        any_value(subject) as subject, min_by(session_id, (occurred_at, event_id)) as session_id,
        min_by(object_ref, (occurred_at, event_id)) as object_ref,
        min_by(object_name, (occurred_at, event_id)) as object_name,
        min(local_on) as local_on,
        min_by(event_id, (occurred_at, event_id)) as source_event_id,
        min(occurred_at) as started_at, max(occurred_at) as ended_at,
        seconds_between(min(occurred_at), max(occurred_at)) - coalesce(sum(paused_seconds), 0)
            as seconds,
        max_by(score_given, (occurred_at, event_id)) as score_given,
        max_by(max_score, (occurred_at, event_id)) filter (where score_given is not null)
            as max_score,
        case max_by(action, (occurred_at, event_id))
            when 'Submitted' then 'submitted' when 'Completed' then 'completed'
            when 'Paused' then 'paused' when 'Reset' then 'reset' else 'started'
        end as state
    from paused group by all
),
questions as (
    select
        'question' as fact_type, student_id, client_id, app_id, course_id, lesson_id, subject,
        session_id, item_ref as object_ref,
        answered_at - to_seconds(response_seconds) as started_at, answered_at as ended_at,
        answered_on as local_on, response_seconds as seconds, 'answered' as state, is_correct,
        score_given, max_score, source_event_id
    from fct_item_responses
),
facts as (
    select *, seconds_between(started_at, ended_at) as seconds from views
    union all by name select * exclude (assignment_ref, life) from assignments
    union all by name select * exclude (assessment_ref) from assessments
    union all by name select * from questions
)
select
    md5(concat_ws(chr(31), client_id, fact_type, source_event_id)) as fact_id,
    fact_type, student_id, client_id, app_id, course_id, lesson_id, subject, session_id,
    object_ref, object_name, started_at, ended_at, local_on, seconds, state, is_correct,
    score_given, max_score, source_event_id
from facts order by student_id, local_on;
