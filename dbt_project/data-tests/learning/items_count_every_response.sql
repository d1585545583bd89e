-- Every answered question is counted by its item, once.
with items as (

    select sum(response_count) as response_count from {{ ref('dim_items') }}
    where {{ is_touched(any_lessons()) }}

),

responses as (

    select count(*) as response_count from {{ ref('fct_item_responses') }}
    where {{ is_touched(any_lessons('answered_on')) }}

)

select items.response_count as counted, responses.response_count as answered
from items
cross join responses
where coalesce(items.response_count, 0) <> responses.response_count
