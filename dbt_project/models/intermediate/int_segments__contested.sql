{{ config(materialized='table') }}

-- Stretches of a student's clock. Where more than one session runs in a stretch, the clock is
-- contested and must be divided.
with stated as materialized (

    select
        *,
        row_number() over () as segment_number
    from {{ ref('int_segments__stated') }}

),

marked as (

    select
        segment_number,
        student_id,
        session_id,
        started_at,
        ended_at,
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
        segment_number,
        student_id,
        session_id,
        count_if(is_stretch_start) over (
            partition by student_id order by started_at, ended_at, session_id
        ) as stretch
    from marked

),

clocks as (

    select
        student_id,
        stretch,
        min(session_id) <> max(session_id) as is_contested
    from stretched
    group by student_id, stretch

),

final as (

    select
        stated.* exclude (segment_number),
        stretched.stretch,
        clocks.is_contested
    from stated
    inner join stretched using (segment_number)
    inner join clocks
        on stretched.student_id = clocks.student_id and stretched.stretch = clocks.stretch

)

select * from final
