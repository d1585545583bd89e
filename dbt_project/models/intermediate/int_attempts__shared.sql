with events as (

    select * from {{ ref('int_attempts__events') }}

),

graded as (

    select distinct student_id, client_id, lesson_id, attempt_key, assessed_ref, score_type
    from events
    where event_family in ('grade', 'assessment') and score_type is not null

),

final as (

    select * from events
    where score_type is not null
    union all
    select events.* replace (coalesce(graded.score_type, 'SCORE') as score_type)
    from events
    left join graded
        on
            events.student_id = graded.student_id
            and events.client_id = graded.client_id
            and events.lesson_id = graded.lesson_id
            and events.attempt_key = graded.attempt_key
            and events.assessed_ref = graded.assessed_ref
    where events.score_type is null

)

select * from final
