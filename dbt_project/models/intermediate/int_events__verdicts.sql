{{ config(
    materialized='incremental',
    meta={'units': [keys('int_events__redone', ['day', 'journal_seq', 'event_index'], not_before=['day', 'day'])]},
    partitioned_by=['year(day)', 'month(day)'],
    sorted_by=['day', 'student_id', 'occurred_at'],
) }}

with judged as (

    select * from {{ ref('int_events__judged') }}

),

enrolled as (

    select * from {{ ref('int_enrollments__credited') }}

),

recorded as (

    select * from {{ ref('int_records__first') }}

),

final as (

    select
        judged.journal_seq,
        judged.event_index,
        judged.load_id,
        judged.receipt_id,
        judged.event_id,
        judged.event_hash,
        judged.day,
        judged.client_id,
        judged.app_id,
        judged.event_type,
        judged.action,
        judged.occurred_at,
        judged.received_at,
        greatest(
            judged.received_at,
            users.first_recorded_at,
            courses.first_recorded_at,
            lessons.first_recorded_at,
            enrolled.enrolled_at
        ) as known_at,
        judged.verdict,
        judged.reason,
        case
            when judged.verdict <> 'accepted' then null
            when judged.course_id is not null and enrolled.enrollment_id is null
                then 'pending_enrollment'
            when
                judged.received_at - to_days({{ var('old_event_days') }}) > judged.occurred_at
                then 'older_than_' || {{ var('old_event_days') }} || '_days'
        end as warning,
        judged.winner_event_journal_seq,
        judged.local_on,
        judged.timezone,
        judged.is_timezone_fallback,
        judged.student_id,
        judged.school_id,
        judged.course_id,
        judged.lesson_id,
        coalesce(
            case when judged.course_id is not null then judged.course_subject end,
            judged.subject,
            'Other'
        ) as subject,
        enrolled.enrollment_id,
        enrolled.class_id,
        judged.actor_is_software,
        judged.session_ref,
        judged.object_ref,
        judged.object_type,
        judged.object_name,
        judged.object_part_ref,
        judged.object_part_type,
        judged.generated_ref,
        judged.generated_type,
        judged.assignable_ref,
        judged.assignable_type,
        judged.assignable_part_ref,
        judged.attempt_ref,
        judged.attempt_part_ref,
        judged.score_type,
        judged.score_given,
        judged.max_score,
        judged.is_correct,
        judged.question_count,
        judged.correct_count,
        judged.duration_seconds,
        judged.score_comment,
        case
            when judged.event_type in ('GradeEvent', 'AssessmentItemEvent')
                then hash(judged.student_id, judged.client_id, judged.attempt_ref)
        end as attempt_hash,
        case
            when judged.event_type in ('GradeEvent', 'AssessmentItemEvent')
                then hash(judged.student_id, judged.client_id, judged.object_ref)
        end as object_hash
    from judged
    left join enrolled
        on judged.student_id = enrolled.student_id
        and case when judged.verdict = 'accepted' then judged.course_id end = enrolled.course_id
        and judged.local_on = enrolled.local_on
        and judged.school_id is not distinct from enrolled.school_id
        and judged.occurred_at >= enrolled.credited_from_at
        and judged.occurred_at < enrolled.credited_to_at
    left join recorded as users
        on users.record_type = 'user' and judged.student_id = users.record_id
    left join recorded as courses
        on courses.record_type = 'course' and judged.course_id = courses.record_id
    left join recorded as lessons
        on lessons.record_type = 'lesson' and judged.lesson_id = lessons.record_id
    order by judged.day, judged.student_id, judged.occurred_at, judged.event_id

)

select * from final
