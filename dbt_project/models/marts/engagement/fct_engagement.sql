{{ config(
    materialized='incremental',
    meta={'units': [
        window('started_at', where="fact_type = 'view'"),
        lessons('local_on', where="fact_type <> 'view'"),
    ]},
    partitioned_by=['year(local_on)', 'month(local_on)'],
    sorted_by=['student_id', 'local_on'],
) }}

with facts as (

    select *, {{ seconds_between('started_at', 'ended_at') }} as seconds
    from {{ ref('int_engagement__views') }}
    union all by name
    select
        * exclude (measured_seconds),
        coalesce(measured_seconds, {{ seconds_between('started_at', 'ended_at') }}) as seconds
    from {{ ref('int_engagement__assignments') }}
    union all by name
    select
        * exclude (paused_seconds),
        {{ seconds_between('started_at', 'ended_at') }} - paused_seconds as seconds
    from {{ ref('int_engagement__assessments') }}
    union all by name
    select
        'question' as fact_type,
        student_id,
        client_id,
        app_id,
        course_id,
        lesson_id,
        subject,
        session_id,
        item_ref as object_ref,
        answered_at - to_seconds(response_seconds) as started_at,
        answered_at as ended_at,
        answered_on as local_on,
        response_seconds as seconds,
        'answered' as state,
        is_correct,
        score_given,
        max_score,
        source_event_id
    from {{ ref('fct_item_responses') }}
    where {{ in_lessons('student_id', 'lesson_id', 'answered_on') }}

),

final as (

    select
        md5(concat_ws(chr(31), client_id, fact_type, source_event_id)) as fact_id,
        fact_type,
        student_id,
        client_id,
        app_id,
        course_id,
        lesson_id,
        subject,
        session_id,
        object_ref,
        object_name,
        started_at,
        ended_at,
        local_on,
        seconds,
        state,
        is_correct,
        score_given,
        max_score,
        source_event_id
    from facts
    order by student_id, local_on, started_at, fact_id

)

select * from final
