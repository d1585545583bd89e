{{ config(
    materialized='incremental',
    incremental_strategy='touched_events',
    sorted_by=['client_id', 'received_at'],
) }}

-- A partner reads a student whom it never taught like one that does not exist.
with verdicts as (

    select verdicts.*
    from {{ ref('int_events__verdicts') }} as verdicts
    where
        {{ is_touched('verdicts.student_id') }}
        or (verdicts.journal_seq, verdicts.event_index) in (
            select (touched.journal_seq, touched.event_index)
            from {{ ref('int_events__touched') }} as touched
        )

),

taught as (

    select student_id, client_id from {{ ref('dim_enrollments') }} where role = 'student'
    union
    select student_id, owner_client_id from {{ ref('dim_students') }}

),

judged as (

    select
        verdicts.*,
        sessions.session_id,
        verdicts.verdict in ('accepted', 'quarantined')
        and taught.student_id is null as is_masked
    from verdicts
    left join taught
        on verdicts.student_id = taught.student_id and verdicts.client_id = taught.client_id
    left join {{ ref('int_sessions__events') }} as sessions
        on verdicts.journal_seq = sessions.journal_seq
        and verdicts.event_index = sessions.event_index

),

rejected as (

    select
        *,
        'rejected' as verdict
    from {{ ref('stg_caliper__rejections') }}
    where load_id > {{ marked_load_id() }}

),

final as (

    select
        journal_seq, event_index, receipt_id, client_id, app_id, event_id, event_type, action,
        occurred_at, received_at, load_id, student_id, course_id, lesson_id, session_id,
        verdict, reason, warning,
        cast(null as varchar) as error_path,
        cast(null as varchar) as message,
        winner_event_journal_seq,
        if(is_masked, 'quarantined', verdict) as partner_verdict,
        if(is_masked, 'student_not_enrolled',
            if(reason = 'course_not_owned', 'unknown_course', reason)) as partner_reason,
        if(is_masked, null, warning) as partner_warning
    from judged
    union all by name
    select
        *,
        verdict as partner_verdict,
        reason as partner_reason
    from rejected
    order by client_id, received_at, journal_seq, event_index

)

select * from final
