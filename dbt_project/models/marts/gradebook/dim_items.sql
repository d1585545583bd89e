{{ config(
    meta={'units': [items()]},
    sorted_by=['client_id', 'course_id', 'lesson_id'],
) }}

with sums as (

    select * from {{ ref('int_items__summed') }}
    where {{ is_touched(items()) }}

),

titles as (

    select * from {{ ref('int_items__titled') }}
    where {{ is_touched(items()) }}

),

figures as (

    {{ item_figures('sums') }}

),

final as (

    select
        figures.item_ref,
        titles.item_title,
        figures.client_id,
        figures.course_id,
        figures.lesson_id,
        figures.response_count,
        figures.difficulty,
        figures.discrimination
    from figures
    left join titles using (item_ref, client_id, course_id, lesson_id)
    order by figures.client_id, figures.course_id, figures.lesson_id, figures.item_ref

)

select * from final
