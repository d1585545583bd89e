-- The grades of each answer: they name its question, or are of an attempt at this question alone.
-- An answer never takes the score of the whole that it is a part of (ruling i).
with events as (

    select * from {{ ref('int_events__accepted') }}
    where
        (
            event_type in ('AssessmentEvent', 'ActivityEvent', 'AssessmentItemEvent')
            or (event_type = 'GradeEvent' and coalesce(score_type, 'SCORE') <> 'XP')
        )
        and {{ in_lessons('student_id', 'lesson_id') }}

),

answers as (

    select * from events
    where event_type = 'AssessmentItemEvent' and action = 'Completed'

),

-- Attempts at a whole: their grade is the whole's.
whole_attempts as (

    select distinct client_id, student_id, lesson_id, attempt_ref from events
    where event_type in ('AssessmentEvent', 'ActivityEvent') and attempt_ref is not null

),

attempts as (

    select
        client_id,
        student_id,
        attempt_ref,
        count(distinct object_ref) = 1 as has_one_item
    from answers
    where attempt_ref is not null
    group by all

),

grades as (

    select
        *,
        {{ is_item_grade('events') }} as is_item_grade
    from events
    where event_type = 'GradeEvent'

),

graded_attempts as (

    select
        *,
        object_ref as graded_ref
    from grades
    where object_ref is not null
    union all
    select
        *,
        attempt_ref as graded_ref
    from grades
    where attempt_ref is distinct from object_ref and attempt_ref is not null

),

final as (

    select
        answers.student_id,
        answers.event_id as answer_event_id,
        answers.client_id,
        graded_attempts.event_id as grade_event_id,
        graded_attempts.is_item_grade,
        graded_attempts.occurred_at as graded_at,
        coalesce(graded_attempts.score_given, graded_attempts.is_correct::double) as score_given,
        case
            when graded_attempts.score_given is not null then graded_attempts.max_score
            when graded_attempts.is_correct is not null then 1.0
        end as max_score
    from answers
    inner join attempts
        on
            answers.client_id = attempts.client_id
            and answers.student_id = attempts.student_id
            and answers.attempt_ref = attempts.attempt_ref
    left join whole_attempts
        on
            answers.client_id = whole_attempts.client_id
            and answers.student_id = whole_attempts.student_id
            and answers.lesson_id = whole_attempts.lesson_id
            and answers.attempt_ref = whole_attempts.attempt_ref
    inner join graded_attempts
        on
            answers.client_id = graded_attempts.client_id
            and answers.student_id = graded_attempts.student_id
            and answers.attempt_ref = graded_attempts.graded_ref
            and (
                answers.object_ref = graded_attempts.assignable_ref
                or (
                    graded_attempts.assignable_ref is null
                    and attempts.has_one_item
                    and (
                        graded_attempts.is_item_grade
                        or (
                            whole_attempts.attempt_ref is null
                            and coalesce(graded_attempts.object_type, '')
                            not in ('Assessment', 'AssignableDigitalResource')
                        )
                    )
                )
            )

)

select * from final
