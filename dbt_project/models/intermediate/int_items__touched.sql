{{ config(materialized='table') }}

{{ after('int_items__titled') }}
-- The items whose figures or titles a small build changed. In a full build none is named.
with final as (

    {% if is_small_build() %}
        {% for model_name in ['int_items__summed', 'int_items__titled'] %}
            select item_ref, client_id, course_id, lesson_id from {{ delta(model_name) }}
            {{ 'union' if not loop.last }}
        {% endfor %}
    {% else %}
        select item_ref, client_id, course_id, lesson_id from {{ ref('int_items__summed') }}
        where false
    {% endif %}

)

select * from final
