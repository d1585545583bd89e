{{ config(materialized='table') }}

-- The ids that new events may mean, day by day.
with named as (

    select distinct client_id, day, unnest({{ references_of('events') }}) as reference
    from {{ ref('int_events__touched') }} as events
    where {{ has_arrived() }}

),

final as (

    select distinct named.client_id, named.day, sent.record_id
    from named
    inner join {{ ref('int_references__sent') }} as sent using (client_id, reference)

)

select * from final
