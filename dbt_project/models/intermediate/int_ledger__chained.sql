with grades as (

    select * from {{ ref('int_events__accepted') }}
    where
        event_type = 'GradeEvent'
        and upper(score_type) = 'XP'
        and abs(score_given) <= {{ var('xp_largest') }}
        and {{ in_lessons('student_id', 'lesson_id') }}

),

final as (

    select
        client_id,
        student_id,
        event_id,
        app_id,
        course_id,
        lesson_id,
        subject,
        enrollment_id,
        class_id,
        school_id,
        occurred_at,
        known_at,
        local_on,
        timezone,
        is_timezone_fallback,
        cast(score_given as decimal(18, 4)) as xp,
        coalesce(case when object_type = 'Attempt' then object_ref end, attempt_ref) as attempt_ref,
        lag(event_id) over attempt_time as corrected_event_id,
        lead(event_id) over attempt_time as correcting_event_id,
        lead(known_at) over attempt_time as correction_known_at
    from grades
    window
        attempt_time as (
            partition by
                client_id,
                student_id,
                case when object_type = 'Attempt' then object_ref end,
                case when object_type is distinct from 'Attempt' then event_id end
            order by occurred_at, event_id
        )

)

select * from final
