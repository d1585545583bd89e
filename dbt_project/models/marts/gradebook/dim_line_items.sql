with results as (

    select * from {{ ref('int_attempts__results') }}

),

names as (

    select
        course_id,
        assessed_ref,
        arg_max(assessed_name, (scored_at, result_id)) as assessed_name
    from results
    group by course_id, assessed_ref

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
        line_items.line_item_id,
        line_items.client_id,
        line_items.course_id,
        line_items.lesson_id,
        line_items.assessed_ref,
        coalesce(names.assessed_name, lessons.lesson_title, line_items.lesson_id) as title,
        line_items.score_type,
        line_items.max_score,
        line_items.is_xp
    from line_items
    inner join names using (course_id, assessed_ref)
    left join {{ ref('dim_lessons') }} as lessons on line_items.lesson_id = lessons.lesson_id
    order by line_items.client_id, line_items.course_id, line_items.line_item_id

)

select * from final
