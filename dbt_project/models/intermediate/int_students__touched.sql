{{ config(materialized='table') }}

{{ after('int_events__verdicts', 'int_records__changed', 'stg_catalog__users') }}
-- A student's time is redone from the last clean cut before the first instant at which something
-- changed: an event came, left or reads otherwise now; a session of its was open; the school or its
-- zone changed. At a clean cut nothing runs on (int_sessions__cuts). In a full build none is named.
{% if is_small_build() %}

with changed as (

    select * from {{ ref('int_records__changed') }}

),

sessions as (

    select student_id, client_id, app_id, session_ref, started_at, end_reason, time_quality
    from {{ previous('fct_sessions') }}

),

events as (

    select student_id, client_id, app_id, session_ref, occurred_at, duration_seconds, verdict,
        is_added as is_now,
        {{ session_kind('verdicts') }} as kind
    from {{ delta('int_events__verdicts') }} as verdicts

),

accepted as (

    select * from events
    where verdict = 'accepted'

),

streams as (

    select
        student_id,
        client_id,
        app_id,
        session_ref,
        bool_or(is_now and kind <> 'passive') as has_own_act,
        bool_or(not is_now and kind <> 'passive') as had_own_act
    from accepted
    group by all

),

acts as (

    select student_id, client_id, app_id, started_at, is_bracketed, has_ended, last_act_at
    from {{ previous('int_sessions__last_acts') }}

),

instants as (

    -- the time that an event states lies before it
    select student_id, {{ stated_from() }} as touched_at
    from accepted
    union all
    -- a login before it that still waited for its end: all between may be one session now
    select accepted.student_id, max(acts.started_at)
    from accepted
    inner join acts
        on
            accepted.student_id = acts.student_id
            and accepted.client_id = acts.client_id
            and accepted.app_id = acts.app_id
            and accepted.occurred_at > acts.started_at
            and acts.is_bracketed
    group by accepted.student_id, accepted.client_id, accepted.app_id, accepted.occurred_at
    having
        max_by(
            not acts.has_ended or acts.last_act_at >= accepted.occurred_at, acts.started_at
        )
    union all
    -- a timeout without a session id ends what was before it, however long ago
    select timeouts.student_id, max(verdicts.occurred_at)
    from (select * from accepted where kind = 'timeout' and session_ref is null) as timeouts
    inner join {{ ref('int_events__verdicts') }} as verdicts
        on
            timeouts.student_id = verdicts.student_id
            and timeouts.client_id = verdicts.client_id
            and timeouts.app_id = verdicts.app_id
            and timeouts.occurred_at > verdicts.occurred_at
            and verdicts.verdict = 'accepted'
    group by timeouts.student_id, timeouts.client_id, timeouts.app_id, timeouts.occurred_at
    union all
    -- the sessions of a thread that got another event
    select sessions.student_id, sessions.started_at
    from sessions
    semi join streams using (student_id, client_id, app_id, session_ref)
    union all
    -- a stream of nothing but grades that is one no more, or may be one now
    select sessions.student_id, sessions.started_at
    from sessions
    semi join (select * from streams where has_own_act) as streams
        using (student_id, client_id, app_id)
    where sessions.time_quality = 'none'
    union all
    select student_id, timestamptz '-infinity' from streams
    where had_own_act and not has_own_act
    union all
    select student_id, started_at from sessions
    where end_reason = 'open'
    union all
    select users.user_id, changed.changed_at - interval 1 day
    from {{ ref('stg_catalog__users') }} as users
    inner join changed
        on
            (changed.record_type = 'user' and changed.record_id = users.user_id)
            or (changed.record_type = 'org' and changed.record_id = users.school_id)

),

first_touched as (

    select student_id, min(touched_at) as touched_at from instants
    where student_id is not null
    group by student_id

),

final as (

    select
        first_touched.student_id,
        coalesce(max(cuts.cut_at), timestamptz '-infinity') as from_at,
        coalesce(max(cuts.cut_at)::date, date '-infinity') as from_day
    from first_touched
    left join {{ previous('int_sessions__cuts') }} as cuts
        on
            first_touched.student_id = cuts.student_id
            and first_touched.touched_at >= cuts.cut_at
    group by first_touched.student_id

)

{% else %}

with final as (

    select
        student_id,
        timestamptz '-infinity' as from_at,
        date '-infinity' as from_day
    from {{ ref('dim_students') }}
    where false

)

{% endif %}

select * from final
