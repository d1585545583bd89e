{{ config(materialized='table') }}

{{ after('int_events__accepted', 'int_lessons__touched') }}
-- The session of each event of the lessons that this build redoes.
with final as (

    select mapped.*
    from {{ ref('int_sessions__mapped') }} as mapped
    {% if is_small_build() %}
        semi join {{ ref('int_events__accepted') }} as accepted
            using (day, journal_seq, event_index)
        where {{ not_before('int_lessons__touched', 'first_on', 'mapped.day') }}
    {% endif %}

)

select * from final
