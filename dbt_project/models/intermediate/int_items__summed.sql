{{ config(
    materialized='incremental',
    meta={'units': [keys(
        'int_items__changed', ['item_ref', 'client_id', 'course_id', 'lesson_id', 'rest_count']
    )]},
) }}

-- Whole numbers that answers add up to, so that a small build adds and takes away without error.
with changed as (

    select * from {{ ref('int_items__changed') }}

),

{% if is_small_build() %}

summands as (

    select former.* from {{ previous('int_items__summed') }} as former
    semi join changed using (item_ref, client_id, course_id, lesson_id, rest_count)
    union all by name
    select * from changed

),

{% endif %}

final as (

    select
        item_ref,
        client_id,
        course_id,
        lesson_id,
        rest_count,
        {% for count in ['response_count', 'scored_count', 'correct_count', 'rest_sum',
            'rest_square_sum', 'correct_rest_sum'] %}
            sum({{ count }})::bigint as {{ count }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ 'summands' if is_small_build() else 'changed' }}
    group by item_ref, client_id, course_id, lesson_id, rest_count
    having sum(response_count) > 0
    order by client_id, course_id, lesson_id, item_ref, rest_count

)

select * from final
