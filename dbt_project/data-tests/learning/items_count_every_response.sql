-- Every answered question is counted by its item, once; in a small build: every one that came or
-- went.
{{ after('dim_items', 'fct_item_responses') }}
with items as (

    {% if is_small_build() %}
        select sum(if(is_added, response_count, -response_count)) as response_count
        from {{ delta('dim_items') }}
    {% else %}
        select sum(response_count) as response_count from {{ ref('dim_items') }}
    {% endif %}

),

responses as (

    {% if is_small_build() %}
        select sum(if(is_added, 1, -1)) as response_count from {{ delta('fct_item_responses') }}
    {% else %}
        select count(*) as response_count from {{ ref('fct_item_responses') }}
    {% endif %}

)

select items.response_count as counted, responses.response_count as answered
from items
cross join responses
where coalesce(items.response_count, 0) <> coalesce(responses.response_count, 0)
