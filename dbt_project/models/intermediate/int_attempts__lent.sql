-- What an attempt is at: what its events last named. Those that name nothing take it (ruling g).
with named as (

    select * from {{ ref('int_attempts__named') }}
    where event_family <> 'xp' and attempt_id is not null and named_ref is not null

),

final as (

    select
        client_id,
        student_id,
        lesson_id,
        attempt_id,
        max_by(named_ref, (occurred_at, event_id)) as lent_ref
    from named
    group by client_id, student_id, lesson_id, attempt_id

)

select * from final
