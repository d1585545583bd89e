{{ config(
    materialized='incremental',
    meta={'units': [any_lessons()]},
    sorted_by=['lesson_id'],
) }}

-- Line items of what was assessed share its name, the one sent last.
with results as (

    select * from {{ ref('int_attempts__results') }}
    where {{ is_touched(any_lessons('scored_on')) }}

),

names as (

    select
        lesson_id,
        assessed_ref,
        arg_max(assessed_name, (scored_at, result_id)) as assessed_name
    from results
    group by lesson_id, assessed_ref

),

line_items as (

    select
        line_item_id,
        client_id,
        course_id,
        lesson_id,
        assessed_ref,
        score_type,
        is_xp,
        arg_max(max_score, (scored_at, result_id)) filter (where not is_xp) as max_score
    from results
    group by all

),

final as (

    select
        line_items.*,
        names.assessed_name
    from line_items
    inner join names using (lesson_id, assessed_ref)

)

select * from final
