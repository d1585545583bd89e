{{ config(
    materialized='incremental',
    meta={'units': [verdicts()]},
    partitioned_by=['year(received_at)', 'month(received_at)'],
    sorted_by=['client_id', 'received_at'],
) }}

{{ after('int_verdicts__touched') }}
-- A partner reads a student whom it never taught like one that does not exist.
with verdicts as (

    select verdicts.*
    from {{ ref('int_events__verdicts') }} as verdicts
    {% if is_small_build() %}
        semi join {{ ref('int_verdicts__touched') }} as touched
            using (day, journal_seq, event_index)
        where {{ not_before('int_verdicts__touched', 'day', 'verdicts.day') }}
    {% endif %}

),

taught as (

    select student_id, client_id from {{ ref('dim_enrollments') }} where role = 'student'
    union
    select student_id, owner_client_id from {{ ref('dim_students') }}

),

mapped as (

    select journal_seq, event_index, session_id from {{ ref('int_sessions__mapped') }}
    where {{ not_before('int_verdicts__touched', 'day', 'day') }}

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
    left join mapped as sessions
        on verdicts.journal_seq = sessions.journal_seq
        and verdicts.event_index = sessions.event_index

),

rejected as (

    select
        *,
        'rejected' as verdict
    from {{ ref('stg_caliper__rejections') }}

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
