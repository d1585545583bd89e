-- Every event with its verdict, as we judged it and as its partner reads it.
create table fct_event_verdicts as
with taught as (
    select distinct student_id, client_id from dim_enrollments where role = 'student'
),
marked as (
    select
        judged.*, session_id,
        judged.verdict in ('accepted', 'quarantined') and taught.student_id is null as is_masked,
        case
            when judged.verdict <> 'accepted' then null
            when judged.course_id is not null and enrollment_id is null
                then 'pending_enrollment'
            when received_at - interval 400 day > judged.occurred_at then 'older_than_400_days'
        end as warning
    from judged
    left join taught
        on judged.student_id = taught.student_id and judged.client_id = taught.client_id
    left join placed using (journal_seq, event_index)
)
select
    journal_seq, event_index, receipt_id, client_id, app_id, event_id, event_type, action,
    occurred_at, received_at, load_id, student_id, course_id, lesson_id, session_id, verdict,
    reason, warning, null::varchar as error_path, null::varchar as message,
    winner_event_journal_seq,
    if(is_masked, 'quarantined', verdict) as partner_verdict,
    case
        when is_masked then 'student_not_enrolled'
        when reason = 'course_not_owned' then 'unknown_course'
        else reason
    end as partner_reason,
    if(is_masked, null, warning) as partner_warning
from marked
union all by name
select
    journal_seq, event_index, receipt_id, client_id, event_id, event_type, received_at, load_id,
    reason, path as error_path, message, 'rejected' as verdict, 'rejected' as partner_verdict,
    reason as partner_reason
from lake.raw.rejections
order by client_id, received_at;

create table agg_client_day__verdicts as
select client_id, received_at::date as received_on, event_type, partner_verdict, partner_reason,
    count(*) as event_count, max(received_at) as last_received_at
from fct_event_verdicts group by all;

create table dim_apps as
with apps as (
    select distinct client_id, app_id from judged
    union
    select client_id, coalesce(default_app_id, client_id) from clients
)
select app_id, client_id,
    if(app_id = coalesce(default_app_id, client_id), coalesce(client_name, app_id), app_id)
        as app_name
from apps left join clients using (client_id);
