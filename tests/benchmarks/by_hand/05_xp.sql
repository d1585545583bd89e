-- An award of XP, and what corrected it: a correction takes the one before it back.
create temp table awards as
select
    client_id, student_id, event_id, app_id, course_id, lesson_id, subject, enrollment_id,
    class_id, school_id, occurred_at, known_at, local_on, timezone, is_timezone_fallback,
    score_given::decimal(18, 4) as xp,
    coalesce(if(object_type = 'Attempt', object_ref, null), attempt_ref) as attempt_ref,
    lag(event_id) over attempt_time as corrected_event_id,
    lead(event_id) over attempt_time as correcting_event_id,
    lead(known_at) over attempt_time as correction_known_at
from judged
where verdict = 'accepted' and event_type = 'GradeEvent' and score_type = 'XP'
window attempt_time as (
    partition by client_id, student_id, if(object_type = 'Attempt', object_ref, event_id)
    order by occurred_at, event_id
);

create table fct_xp_ledger as
with entries as (
    select *, event_id as source_event_id,
        if(corrected_event_id is null, 'earn', 'correct') as kind
    from awards
    union all by name
    select
        * replace (-xp as xp, correction_known_at as known_at),
        correcting_event_id as source_event_id, 'reverse' as kind
    from awards where correcting_event_id is not null
),
-- Days with more XP than their active time explains.
earned as (
    select student_id, local_on, sum(xp) as xp from entries
    semi join (from fct_sessions where time_quality <> 'none') as sessions
        using (student_id, client_id, app_id)
    group by all
),
active as (
    select student_id, local_on, sum(seconds) / 60 as minutes
    from fct_activity_segments where state = 'active' and is_counted group by all
),
days_over as (
    select student_id, local_on, xp as day_xp, coalesce(minutes, 0) as active_minutes
    from earned left join active using (student_id, local_on)
    where xp > 1.5 * coalesce(minutes, 0) + 30
),
reviewed as (
    select entries.*, day_xp, active_minutes,
        case
            when kind = 'reverse' then null
            when xp > 240 then 'over_240_in_event'
            when days_over.student_id is not null then 'over_active_time'
        end as review_reason
    from entries left join days_over using (student_id, local_on)
)
select
    md5(concat_ws(chr(31), client_id, source_event_id, kind)) as entry_id, kind,
    if(enrollment_id is null, 'pending_enrollment', 'credited') as status,
    student_id, client_id, app_id, course_id, lesson_id, subject, enrollment_id, class_id,
    school_id, source_event_id, attempt_ref, occurred_at as earned_at, local_on as earned_on,
    timezone, is_timezone_fallback, restated(known_at, local_on, timezone) as restated_at,
    xp, review_reason is not null as is_review, review_reason,
    case review_reason when 'over_240_in_event' then xp when 'over_active_time' then day_xp end
        as review_xp,
    if(review_reason = 'over_active_time', active_minutes, null) as review_active_minutes
from reviewed order by student_id, earned_on;
