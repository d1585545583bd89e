{#- Stretches of the clock whose counted seconds are not the union of their segments: what overlaps is
    counted once, and nothing is left out. A stretch is a run of segments without a gap. -#}
{% macro not_the_union(of, counted) -%}
with segments as (

    select
        *,
        max(ended_at) over (
            partition by {{ of }} order by started_at, ended_at, segment_id
            rows between unbounded preceding and 1 preceding
        ) as reached_at
    from {{ ref('fct_activity_segments') }}
    where {{ in_window('student_id', 'started_at') }}

),

marked as (

    select
        *,
        count_if(reached_at is null or started_at > reached_at) over (
            partition by {{ of }} order by started_at, ended_at, segment_id
        ) as stretch
    from segments

),

stretches as (

    select
        {{ of }},
        stretch,
        {{ seconds_between('min(started_at)', 'max(ended_at)') }} as union_seconds,
        coalesce(sum(seconds) filter (where {{ counted }}), 0) as counted_seconds
    from marked
    group by all

)

select * from stretches where abs(union_seconds - counted_seconds) > 0.001
{%- endmacro %}
