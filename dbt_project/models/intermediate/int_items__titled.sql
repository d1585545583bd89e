{{ config(
    materialized='incremental',
    meta={'units': [keys(
        'fct_item_responses__delta', ['item_ref', 'client_id', 'course_id', 'lesson_id']
    )]},
) }}

-- An item is called what its newest answer with a name calls it. All answers of an item are looked
-- at again only where that answer went and no newer one came.
with responses as (

    select
        item_ref, client_id, course_id, lesson_id, item_title,
        {'answered_at': answered_at, 'response_id': response_id} as titled_by
    from {{ ref('fct_item_responses') }}
    where item_ref is not null and item_title is not null

),

{% if is_small_build() %}

changed as (

    select
        item_ref, client_id, course_id, lesson_id, item_title, is_added,
        {'answered_at': answered_at, 'response_id': response_id} as titled_by
    from {{ delta('fct_item_responses') }}
    where item_ref is not null

),

former as (

    select titled.* from {{ previous('int_items__titled') }} as titled
    semi join changed using (item_ref, client_id, course_id, lesson_id)

),

lost as (

    select former.item_ref, former.client_id, former.course_id, former.lesson_id
    from former
    inner join changed using (item_ref, client_id, course_id, lesson_id)
    group by all
    having
        bool_or(not changed.is_added and changed.titled_by = former.titled_by)
        and not coalesce(bool_or(
            changed.is_added and changed.item_title is not null
            and changed.titled_by >= former.titled_by
        ), false)

),

candidates as (

    select * from former
    anti join lost using (item_ref, client_id, course_id, lesson_id)
    union all by name
    select * exclude (is_added) from changed
    where is_added and item_title is not null
    union all by name
    select responses.* from responses
    semi join lost using (item_ref, client_id, course_id, lesson_id)

),

{% endif %}

final as (

    select
        item_ref,
        client_id,
        course_id,
        lesson_id,
        arg_max(item_title, titled_by) as item_title,
        max(titled_by) as titled_by
    from {{ 'candidates' if is_small_build() else 'responses' }}
    group by item_ref, client_id, course_id, lesson_id
    order by client_id, course_id, lesson_id, item_ref

)

select * from final
