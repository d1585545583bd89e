{{ config(
    materialized='incremental',
    meta={'units': [
        lessons('earned_on'),
        keys(
            'int_xp__days_reviewed', {'student_id': 'student_id', 'local_on': 'earned_on'},
            not_before=['local_on', 'earned_on']
        ),
    ]},
    partitioned_by=['year(earned_on)', 'month(earned_on)'],
    sorted_by=['student_id', 'earned_on'],
) }}

with entries as (

    select * from {{ ref('int_xp__reviewed') }}

),

over_active_time as (

    select * from {{ ref('int_xp__over_active_time') }}

),

reviewed as (

    select
        entries.*,
        over_active_time.day_xp,
        over_active_time.active_minutes,
        case
            when entries.kind = 'reverse' then null
            when entries.xp > {{ var('review_xp_in_event') }} then 'over_240_in_event'
            when over_active_time.entry_id is not null then 'over_active_time'
        end as review_reason
    from entries
    left join over_active_time on entries.entry_id = over_active_time.entry_id

),

final as (

    select
        entry_id,
        kind,
        status,
        student_id,
        client_id,
        app_id,
        course_id,
        lesson_id,
        subject,
        enrollment_id,
        class_id,
        school_id,
        source_event_id,
        attempt_ref,
        earned_at,
        earned_on,
        timezone,
        is_timezone_fallback,
        restated_at,
        xp,
        review_reason is not null as is_review,
        review_reason,
        case review_reason
            when 'over_240_in_event' then xp
            when 'over_active_time' then day_xp
        end::decimal(18, 4) as review_xp,
        if(review_reason = 'over_active_time', active_minutes, null)::double
            as review_active_minutes
    from reviewed
    order by student_id, earned_on, earned_at, entry_id

)

select * from final
