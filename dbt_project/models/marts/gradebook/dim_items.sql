{{ config(
    meta={'units': [any_lessons()]},
    sorted_by=['client_id', 'course_id', 'lesson_id'],
) }}

with responses as (

    select * from {{ ref('fct_item_responses') }}
    where {{ is_touched(any_lessons('answered_on')) }}

),

statistics as (

    {{ item_statistics('responses') }}

),

final as (

    select * from statistics order by client_id, course_id, lesson_id, item_ref

)

select * from final
