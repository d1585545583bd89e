{{ config(
    materialized='incremental',
    meta={'units': [window('started_at')]},
    partitioned_by=['year(local_on)', 'month(local_on)'],
    sorted_by=['student_id', 'local_on'],
) }}

-- Neighbours that differ in nothing are one row.
with divided as (

    select * from {{ ref('int_segments__divided') }}

),

marked as (

    select
        *,
        coalesce(
            started_at > lag(ended_at) over alike, true
        ) as is_segment_start
    from divided
    window alike as (
        partition by
            session_id, state, course_id, lesson_id, subject, local_on, is_counted,
            is_counted_for_client
        order by started_at
    )

),

numbered as (

    select
        *,
        count_if(is_segment_start) over (
            partition by
                session_id, state, course_id, lesson_id, subject, local_on, is_counted,
                is_counted_for_client
            order by started_at
        ) as segment
    from marked

),

merged as (

    select
        session_id,
        student_id,
        client_id,
        app_id,
        course_id,
        lesson_id,
        subject,
        school_id,
        state,
        local_on,
        is_counted,
        is_counted_for_client,
        segment,
        min(started_at) as started_at,
        max(ended_at) as ended_at
    from numbered
    group by all

),

final as (

    select
        md5(concat_ws(chr(31), session_id, epoch_us(started_at))) as segment_id,
        session_id,
        student_id,
        client_id,
        app_id,
        course_id,
        lesson_id,
        subject,
        school_id,
        state,
        started_at,
        ended_at,
        local_on,
        {{ seconds_between('started_at', 'ended_at') }} as seconds,
        is_counted,
        is_counted_for_client
    from merged
    order by student_id, local_on, started_at, session_id

)

select * from final
