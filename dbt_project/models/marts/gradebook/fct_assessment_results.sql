{{ config(
    materialized='incremental',
    meta={'units': [lessons('scored_on')]},
    partitioned_by=['year(scored_on)', 'month(scored_on)'],
    sorted_by=['student_id', 'scored_on'],
) }}

with results as (

    select * from {{ ref('int_attempts__results') }}
    where {{ in_lessons('student_id', 'lesson_id', 'scored_on') }}

),

courses as (

    select course_id, grade_policy from {{ ref('dim_courses') }}

),

ranked as (

    select
        results.*,
        courses.grade_policy,
        row_number() over (
            line_item_attempts order by results.started_at, results.attempt_key
        ) as attempt_number,
        row_number() over (
            line_item_attempts
            order by results.score_given is null, results.started_at, results.attempt_key
        ) = 1 as is_first,
        row_number() over (
            line_item_attempts
            order by
                results.score_given is null, results.started_at desc, results.attempt_key desc
        ) = 1 as is_latest,
        row_number() over (
            line_item_attempts
            order by
                results.score_percent desc nulls last,
                results.score_given desc nulls last,
                results.started_at,
                results.attempt_key
        ) = 1 as is_best
    from results
    left join courses on results.course_id = courses.course_id
    window line_item_attempts as (partition by results.student_id, results.line_item_id)

),

final as (

    select
        result_id,
        line_item_id,
        student_id,
        client_id,
        app_id,
        course_id,
        lesson_id,
        class_id,
        attempt_key,
        assessed_name,
        attempt_number::integer as attempt_number,
        score_type,
        score_given,
        max_score,
        score_percent,
        score_status,
        is_in_progress,
        is_above_max,
        is_xp,
        scored_at,
        scored_on,
        item_count,
        correct_count,
        is_first,
        is_latest,
        is_best,
        case grade_policy
            when 'all' then true
            when 'first' then is_first
            when 'latest' then is_latest
            else is_best
        end as is_policy,
        source_event_id,
        score_comment as comment
    from ranked
    order by student_id, scored_on, scored_at, result_id

)

select * from final
