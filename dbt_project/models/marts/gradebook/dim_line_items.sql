with line_items as (

    select * from {{ ref('int_line_items__described') }}

),

final as (

    select
        line_items.line_item_id,
        line_items.client_id,
        line_items.course_id,
        line_items.lesson_id,
        line_items.assessed_ref,
        coalesce(line_items.assessed_name, lessons.lesson_title, line_items.lesson_id) as title,
        line_items.score_type,
        line_items.max_score,
        line_items.is_xp
    from line_items
    left join {{ ref('dim_lessons') }} as lessons on line_items.lesson_id = lessons.lesson_id
    order by line_items.client_id, line_items.course_id, line_items.line_item_id

)

select * from final
