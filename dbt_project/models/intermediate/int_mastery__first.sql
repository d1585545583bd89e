{{ config(materialized='table') }}

with attempts as (

    select
        *,
        row_number() over (
            partition by student_id, lesson_id
            order by first_evidence_at, attempt_key
        ) = 1 as is_first_attempt
    from {{ ref('int_mastery__attempts') }}
    where {{ this_run('student_id') }}

),

items as (

    select
        student_id,
        lesson_id,
        answered_at,
        answered_on,
        {{ mastered_by_items('responses') }} as is_mastering
    from {{ ref('fct_item_responses') }} as responses
    where is_scored and {{ this_run('student_id') }}

),

moments as (

    select
        student_id,
        lesson_id,
        evidence_at as mastered_at,
        evidence_on as mastered_on,
        is_first_attempt as is_unpractised
    from attempts
    where is_mastering
    union all
    select
        student_id,
        lesson_id,
        answered_at as mastered_at,
        answered_on as mastered_on,
        false as is_unpractised
    from items
    where is_mastering

),

final as (

    select
        student_id,
        lesson_id,
        min(mastered_at) as first_mastered_at,
        arg_min(mastered_on, (mastered_at, mastered_on)) as first_mastered_on,
        arg_min(is_unpractised, (mastered_at, not is_unpractised)) as is_unpractised
    from moments
    group by all

)

select * from final
