{{ config(
    incremental_strategy='touched_any_lessons',
    sorted_by=['client_id', 'course_id', 'lesson_id'],
) }}

with responses as (

    select * from {{ ref('fct_item_responses') }} where {{ in_any_lesson('lesson_id') }}

),

statistics as (

    {{ item_statistics('responses') }}

),

final as (

    select * from statistics order by client_id, course_id, lesson_id, item_ref

)

select * from final
