with events as (

    select
        events.*,
        sessions.session_id,
        sessions.response_began_at
    from {{ ref('int_events__accepted') }} as events
    left join {{ ref('int_sessions__events') }} as sessions
        on
            events.journal_seq = sessions.journal_seq
            and events.event_index = sessions.event_index
    where
        events.event_type = 'AssessmentItemEvent'
        and {{ in_lessons('events.student_id', 'events.lesson_id') }}

),

timed as (

    select
        *,
        coalesce(score_type = 'XP', false) as is_xp
    from events
    where action = 'Completed'

),

grades as (

    select
        client_id,
        student_id,
        answer_event_id as event_id,
        arg_max({'given': score_given, 'largest': max_score}, (graded_at, grade_event_id)) as score
    from {{ ref('int_items__grades') }}
    where score_given is not null
    group by all

),

final as (

    select
        timed.* exclude (score_given, max_score, is_correct, is_xp),
        coalesce(
            timed.duration_seconds,
            date_diff('millisecond', timed.response_began_at, timed.occurred_at) / 1000.0
        ) as response_seconds,
        case
            when timed.score_given is not null and not timed.is_xp then timed.score_given
            when timed.is_correct is not null then timed.is_correct::double
            else grades.score.given
        end as score_given,
        case
            when timed.score_given is not null and not timed.is_xp then timed.max_score
            when timed.is_correct is not null then 1.0
            else grades.score.largest
        end as max_score
    from timed
    left join grades
        on timed.client_id = grades.client_id and timed.event_id = grades.event_id

)

select * from final
