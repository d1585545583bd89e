-- Ruling d: what counts for a client is the union of its own sessions' seconds, as rule S6 has it of
-- all sessions (counted_seconds_are_the_union).
with segments as (

    select
        *,
        max(ended_at) over (
            partition by student_id, client_id order by started_at, ended_at, segment_id
            rows between unbounded preceding and 1 preceding
        ) as reached_at
    from {{ ref('fct_activity_segments') }}
    where {{ in_window('student_id', 'started_at') }}

),

marked as (

    select
        *,
        count_if(reached_at is null or started_at > reached_at) over (
            partition by student_id, client_id order by started_at, ended_at, segment_id
        ) as stretch
    from segments

),

stretches as (

    select
        student_id,
        client_id,
        stretch,
        {{ seconds_between('min(started_at)', 'max(ended_at)') }} as union_seconds,
        coalesce(sum(seconds) filter (where is_counted_for_client), 0) as counted_seconds
    from marked
    group by all

)

select * from stretches where abs(union_seconds - counted_seconds) > 0.001
