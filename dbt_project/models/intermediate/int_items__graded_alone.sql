with grades as (

    select
        events.*,
        sessions.session_id,
        coalesce(
            case when events.object_type = 'Attempt' then events.object_ref end,
            events.attempt_ref,
            events.event_id
        ) as graded_ref
    from {{ ref('int_events__accepted') }} as events
    left join {{ ref('int_sessions__events') }} as sessions
        on
            events.journal_seq = sessions.journal_seq
            and events.event_index = sessions.event_index
    where
        {{ is_item_grade('events') }}
        and {{ in_lessons('events.student_id', 'events.lesson_id') }}

),

matched as (

    select distinct client_id, student_id, grade_event_id
    from {{ ref('int_items__grades') }}

),

alone as (

    select grades.*
    from grades
    left join matched
        on grades.client_id = matched.client_id and grades.event_id = matched.grade_event_id
    where matched.grade_event_id is null

),

final as (

    select
        * replace (
            coalesce(score_given, is_correct::double) as score_given,
            case
                when score_given is not null then max_score
                when is_correct is not null then 1.0
            end as max_score
        ),
        coalesce(
            assignable_ref,
            case when object_type is distinct from 'Attempt' then object_ref end,
            graded_ref
        ) as item_ref,
        first_value(occurred_at) over attempt_time as answered_at,
        first_value(local_on) over attempt_time as answered_on,
        first_value(event_id) over attempt_time as first_event_id
    from alone
    window
        attempt_time as (
            partition by client_id, student_id, graded_ref, assignable_ref
            order by occurred_at, event_id
        )
    qualify
        row_number() over (
            partition by client_id, student_id, graded_ref, assignable_ref
            order by occurred_at desc, event_id desc
        ) = 1

)

select * from final
