{{ config(materialized='table', meta={'full_kind': 'view'}) }}

-- The verdict of each touched event. A SessionEvent needs neither course nor lesson.
with resolved as (

    select
        *,
        event_type = 'SessionEvent' as is_session_event
    from {{ ref('int_events__resolved') }}

),

reasoned as (

    select
        *,
        case
            when student_id is null then 'unknown_student'
            when is_session_event then null
            when matched_course_id is null then 'unknown_course'
            when not is_course_owned then 'course_not_owned'
            when matched_lesson_id is null then 'unknown_lesson'
            when lesson_ref is not null and not is_lesson_explicit then 'unknown_lesson'
            when is_lesson_conflict then 'lesson_conflict'
            when lesson_course_id is distinct from matched_course_id then 'lesson_not_in_course'
            when is_lesson_deleted then 'lesson_deleted'
        end as quarantine_reason
    from resolved

),

final as (

    select
        * exclude (
            canonical_hash, actor_ref, student_ref, assignee_ref, app_ref, course_ref, lesson_ref, is_processed,
            is_lesson_deleted, is_lesson_conflict, is_lesson_explicit,
            lesson_course_id, quarantine_reason
        ),
        case
            when repetition is not null then repetition
            when not is_processed then 'unprocessed'
            when quarantine_reason is not null then 'quarantined'
            else 'accepted'
        end as verdict,
        case when verdict = 'quarantined' then quarantine_reason end as reason,
        case when is_course_owned then matched_course_id end as course_id,
        case
            when
                matched_lesson_id is not null
                and not is_lesson_conflict
                and (lesson_ref is null or is_lesson_explicit)
                and (is_course_owned and lesson_course_id = matched_course_id)
                then matched_lesson_id
        end as lesson_id
    from reasoned

)

select * from final
