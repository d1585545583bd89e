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
        events.event_type in ('AssessmentEvent', 'AssessmentItemEvent', 'GradeEvent')
        and {{ this_run('events.student_id') }}

),

sorted_out as (

    select
        *,
        {{ attempt_key('events', 'events.session_id') }} as attempt_key,
        case
            when event_type = 'AssessmentEvent' then 'assessment'
            when event_type = 'AssessmentItemEvent' then 'item'
            when upper(score_type) = 'XP' then 'xp'
            when {{ is_item_grade('events') }} then 'item_grade'
            else 'grade'
        end as event_family
    from events

),

named as (

    select
        *,
        case
            when event_family <> 'item' then assignable_ref
            when assignable_type is distinct from 'AssessmentItem'
                then nullif(assignable_ref, object_ref)
        end as attempted_ref,
        case
            when event_family = 'item' then coalesce(object_part_ref, assignable_part_ref)
            when event_family = 'assessment' and object_type is distinct from 'Attempt'
                then object_ref
            when object_type <> 'Attempt' then object_ref
        end as assessment_ref
    from sorted_out

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
        coalesce(
            {{ assessment_of('attempted_ref', 'named') }},
            {{ assessment_of('assessment_ref', 'named') }}
        ) as named_ref
    from named

)

select * from final
