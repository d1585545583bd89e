{{ config(materialized='table') }}

-- Stretches of a student's clock. Where more than one session runs in a stretch, the clock is
-- contested and must be divided.
with stated as (

    select * from {{ ref('int_segments__stated') }}

),

marked as (

    select
        *,
        coalesce(
            started_at > max(ended_at) over (
                partition by student_id order by started_at, ended_at, session_id
                rows between unbounded preceding and 1 preceding
            ),
            true
        ) as is_stretch_start
    from stated

),

stretched as (

    select
        *,
        count_if(is_stretch_start) over (
            partition by student_id order by started_at, ended_at, session_id
        ) as stretch
    from marked

),

final as (

    select
        * exclude (is_stretch_start),
        min(session_id) over clock <> max(session_id) over clock as is_contested
    from stretched
    window clock as (partition by student_id, stretch)

)

select * from final
