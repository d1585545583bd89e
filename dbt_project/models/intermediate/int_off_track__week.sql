with students as (

    select * from {{ ref('int_off_track__students') }}

),

answers as (

    select
        responses.student_id,
        count(*) as evidence_count,
        avg(responses.is_correct::integer) as measured
    from {{ ref('fct_item_responses') }} as responses
    inner join students
        on
            responses.student_id = students.student_id
            and responses.answered_on between students.week_starts_on and students.today
    where responses.is_scored
    group by responses.student_id

),

clock as (

    select
        segments.student_id,
        round(sum(segments.seconds) filter (where segments.state = 'idle'), 6)
        / nullif(round(sum(segments.seconds), 6), 0) as measured,
        round(sum(segments.seconds), 6) / 60 as minutes
    from {{ ref('fct_activity_segments') }} as segments
    inner join students
        on
            segments.student_id = students.student_id
            and segments.local_on between students.week_starts_on and students.today
    where segments.is_counted
    group by segments.student_id

),

flags as (

    select
        ledger.student_id,
        count(*) filter (where ledger.is_review) as measured,
        count(*) as evidence_count
    from {{ ref('fct_xp_ledger') }} as ledger
    inner join students
        on
            ledger.student_id = students.student_id
            and ledger.earned_on between students.week_starts_on and students.today
    group by ledger.student_id

),

final as (

    select student_id, 'low_accuracy' as reason, measured, evidence_count from answers
    where
        evidence_count >= {{ var('off_track_accuracy_items') }}
        and measured < {{ var('off_track_accuracy_ratio') }}
    union all
    select student_id, 'idle', measured, floor(minutes)::bigint from clock
    where
        minutes >= {{ var('off_track_idle_minutes') }}
        and measured > {{ var('off_track_idle_ratio') }}
    union all
    select student_id, 'xp_review', measured, evidence_count from flags
    where measured > 0

)

select * from final
