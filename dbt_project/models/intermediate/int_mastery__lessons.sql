{{ config(meta={'full_kind': 'table'}) }}

with events as (

    select
        student_id,
        lesson_id,
        max(occurred_at) as last_activity_at,
        bool_or(
            event_type in (
                'ViewEvent', 'AssignableEvent', 'AssessmentEvent', 'ActivityEvent',
                'AssessmentItemEvent'
            )
        ) as is_started
    from {{ ref('int_events__accepted') }}
    where lesson_id is not null and {{ in_lessons('student_id', 'lesson_id') }}
    group by all

),

assigned as (

    select distinct enrollments.student_id, lessons.lesson_id
    from {{ ref('dim_enrollments') }} as enrollments
    inner join {{ ref('dim_lessons') }} as lessons on enrollments.course_id = lessons.course_id
    where
        enrollments.is_active
        and enrollments.role = 'student'
        and lessons.is_active
        and {{ in_lessons('enrollments.student_id', 'lessons.lesson_id') }}

),

attempts as (

    select
        student_id,
        lesson_id,
        count(*) as attempt_count,
        sum(item_count)::bigint as item_count,
        sum(correct_count)::bigint as correct_count,
        max(score_ratio) filter (where not is_unfinished) as best_score_ratio,
        arg_max(score_ratio, (evidence_at, attempt_key, assessed_ref))
            filter (where not is_unfinished) as latest_score_ratio,
        bool_or(is_proficient) as has_proficient_attempt
    from {{ ref('int_mastery__attempts') }}
    group by all

),

active as (

    select
        student_id,
        lesson_id,
        round(sum(seconds), 6) as active_seconds
    from {{ ref('fct_activity_segments') }}
    where
        state = 'active'
        and is_counted_for_client
        and lesson_id is not null
        and {{ in_lessons('student_id', 'lesson_id', 'local_on') }}
    group by all

),

final as (

    select
        student_id,
        lesson_id,
        events.last_activity_at,
        coalesce(events.is_started, false) as is_started,
        coalesce(attempts.attempt_count, 0) as attempt_count,
        coalesce(attempts.item_count, 0) as item_count,
        coalesce(attempts.correct_count, 0) as correct_count,
        attempts.best_score_ratio,
        attempts.latest_score_ratio,
        coalesce(attempts.has_proficient_attempt, false) as has_proficient_attempt,
        coalesce(active.active_seconds, 0) as active_seconds
    from events
    full join assigned using (student_id, lesson_id)
    left join attempts using (student_id, lesson_id)
    left join active using (student_id, lesson_id)

)

select * from final
