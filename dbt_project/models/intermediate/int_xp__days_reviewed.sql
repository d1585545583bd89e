{{ config(materialized='table') }}

{{ after('int_events__verdicts', 'int_attempts__recurring', 'fct_activity_segments', 'fct_sessions',
    'int_ledger__entries') }}
-- Days whose XP is reviewed anew: those of which an entry is redone, of the attempts that an event
-- corrects, those whose time changed. In a full build none is named.
{% if is_small_build() %}

-- Streams whose time counts now and did not, or did and counts no more (rule X8).
with timed as (

    select student_id, client_id, app_id, sum(if(is_added, 1, -1)) as gained
    from {{ delta('fct_sessions') }}
    where time_quality <> 'none'
    group by all
    having sum(if(is_added, 1, -1)) <> 0

),

retimed as (

    select timed.student_id, timed.client_id, timed.app_id
    from timed
    left join {{ ref('fct_sessions') }} as sessions
        on
            timed.student_id = sessions.student_id
            and timed.client_id = sessions.client_id
            and timed.app_id = sessions.app_id
            and sessions.time_quality <> 'none'
    group by timed.student_id, timed.client_id, timed.app_id, timed.gained
    having count(sessions.student_id) in (0, timed.gained)

),

corrected_days as (

    select distinct verdicts.student_id, verdicts.local_on
    from {{ ref('int_events__verdicts') }} as verdicts
    semi join {{ ref('int_attempts__recurring') }} as recurring
        using (day, journal_seq, event_index)
    where
        verdicts.verdict = 'accepted'
        and verdicts.event_type = 'GradeEvent'
        and {{ not_before('int_attempts__recurring', 'day', 'verdicts.day') }}

),

final as (

    select student_id, earned_on as local_on from {{ ref('int_ledger__entries') }}
    union
    select student_id, local_on from corrected_days
    union
    select student_id, local_on from {{ delta('fct_activity_segments') }}
    union
    select ledger.student_id, ledger.earned_on
    from {{ previous('fct_xp_ledger') }} as ledger
    semi join retimed using (student_id, client_id, app_id)
    union
    select student_id, local_on from {{ delta('int_events__verdicts') }}
    where event_type = 'GradeEvent'

)

{% else %}

with final as (

    select student_id, earned_on as local_on from {{ ref('int_ledger__entries') }}
    where false

)

{% endif %}

select * from final
