with events as (

    select
        events.*,
        sessions.session_id
    from {{ ref('int_events__accepted') }} as events
    left join {{ ref('int_sessions__events') }} as sessions
        on
            events.journal_seq = sessions.journal_seq
            and events.event_index = sessions.event_index
    where
        events.event_type
        in ('AssessmentEvent', 'ActivityEvent', 'AssessmentItemEvent', 'GradeEvent')
        and {{ in_lessons('events.student_id', 'events.lesson_id') }}

),

sorted_out as (

    select
        *,
        {{ attempt_key('events', 'events.session_id') }} as attempt_key,
        case
            when event_type in ('AssessmentEvent', 'ActivityEvent') then 'assessment'
            when event_type = 'AssessmentItemEvent' then 'item'
            when upper(score_type) = 'XP' then 'xp'
            when {{ is_item_grade('events') }} then 'item_grade'
            else 'grade'
        end as event_family
    from events

),

final as (

    select
        * replace (
            case
                when event_family = 'item' then null
                when event_family = 'assessment' and score_given is null then null
                else upper(coalesce(score_type, 'SCORE'))
            end as score_type
        ),
        {{ attempt_id('sorted_out') }} as attempt_id,
        {{ named_ref('sorted_out', 'sorted_out') }} as named_ref
    from sorted_out

)

select * from final
