{{ config(materialized='table') }}

-- What the touched events name, each reference once, as the ids that it may mean in the order in
-- which they are tried.
with named as (

    select distinct client_id, unnest({{ references_of('events') }}) as reference
    from {{ ref('int_events__touched') }} as events

),

keyed as (

    select client_id, reference, {{ id_keys('reference') }} as record_ids
    from named
    where reference is not null

),

final as (

    select
        client_id,
        reference,
        unnest(record_ids) as record_id,
        generate_subscripts(record_ids, 1) as position
    from keyed

)

select * from final
