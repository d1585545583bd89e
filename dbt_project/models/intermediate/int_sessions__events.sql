{{ config(materialized='table') }}

{{ after('int_events__accepted') }}
-- The session of each event that this build reads.
with final as (

    select mapped.*
    from {{ ref('int_sessions__mapped') }} as mapped
    {% if is_small_build() %}
        semi join {{ ref('int_events__accepted') }} as accepted
            using (day, journal_seq, event_index)
    {% endif %}

)

select * from final
