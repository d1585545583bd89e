{{ config(
    materialized='incremental',
    meta={'units': [days()]},
    partitioned_by=['year(local_on)', 'month(local_on)'],
    sorted_by=['student_id', 'local_on'],
) }}

with measures as (

    select * from {{ ref('int_activity__measures') }}

),

schools as (

    select
        days.student_id,
        days.local_on,
        dated.school_id
    from (select distinct student_id, local_on from measures) as days
    inner join {{ ref('int_students__dated') }} as dated
        on days.student_id = dated.student_id
        and dated.valid_from_at <= {{ start_of_day('days.local_on', 'dated.timezone') }}
    qualify row_number() over (
        partition by days.student_id, days.local_on order by dated.valid_from_at desc
    ) = 1

),

final as (

    select
        student_id,
        local_on,
        schools.school_id,
        client_id,
        app_id,
        course_id,
        lesson_id,
        subject,
        cast(coalesce(sum(xp), 0) as decimal(18, 4)) as xp,
        cast(coalesce(sum(credited_xp), 0) as decimal(18, 4)) as credited_xp,
        cast(coalesce(sum(total_questions), 0) as bigint) as total_questions,
        cast(coalesce(sum(correct_questions), 0) as bigint) as correct_questions,
        cast(coalesce(sum(scored_questions), 0) as bigint) as scored_questions,
        cast(coalesce(sum(mastered_lessons), 0) as bigint) as mastered_lessons,
        coalesce(round(sum(active_seconds), 6), 0) as active_seconds,
        coalesce(round(sum(idle_seconds), 6), 0) as idle_seconds,
        coalesce(round(sum(client_active_seconds), 6), 0) as client_active_seconds,
        coalesce(round(sum(client_idle_seconds), 6), 0) as client_idle_seconds,
        coalesce(round(sum(own_active_seconds), 6), 0) as own_active_seconds,
        coalesce(round(sum(own_idle_seconds), 6), 0) as own_idle_seconds,
        cast(coalesce(sum(event_count), 0) as bigint) as event_count,
        max(restated_at) as restated_at
    from measures
    left join schools using (student_id, local_on)
    group by all
    order by student_id, local_on, client_id, app_id, course_id, lesson_id

)

select * from final
