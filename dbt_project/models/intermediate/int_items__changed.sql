{{ config(materialized='table') }}

{{ after('fct_item_responses', 'int_lessons__touched') }}
-- What a small build adds to the sums of items and takes from them: of each attempt with an answer
-- that changed, what its answers add up to now, less what they added up to before. In a full build
-- all that there is.
with now_answered as (

    select responses.* from {{ ref('fct_item_responses') }} as responses
    {% if is_small_build() %}
        where responses.rowid in (
            select responses.rowid
            from {{ ref('fct_item_responses') }} as responses
            semi join {{ delta('fct_item_responses') }} as changed
                using (student_id, client_id, lesson_id, attempt_key, assessed_ref)
            where {{ not_before('int_lessons__touched', 'first_on', 'responses.answered_on') }}
        )
    {% endif %}

),

{% if is_small_build() %}

before_answered as (

    select * from now_answered
    anti join (select response_id from {{ delta('fct_item_responses') }} where is_added)
        using (response_id)
    union all by name
    select * exclude (is_added, place) from {{ delta('fct_item_responses') }}
    where not is_added

),

{% endif %}

sums as (

    select 1 as sign, * from ({{ item_sums('now_answered') }})
    {% if is_small_build() %}
        union all by name
        select -1 as sign, * from ({{ item_sums('before_answered') }})
    {% endif %}

),

final as (

    select
        item_ref,
        client_id,
        course_id,
        lesson_id,
        rest_count,
        {% for count in ['response_count', 'scored_count', 'correct_count', 'rest_sum',
            'rest_square_sum', 'correct_rest_sum'] %}
            sum(sign * {{ count }})::bigint as {{ count }}{{ ',' if not loop.last }}
        {% endfor %}
    from sums
    group by item_ref, client_id, course_id, lesson_id, rest_count

)

select * from final
