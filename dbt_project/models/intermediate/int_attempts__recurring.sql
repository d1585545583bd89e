{{ config(materialized='table') }}

-- The events that name an attempt which this build saw an event of. Found by the hashes alone, which
-- are read over all history; what else is known of them is read where they lie.
{% set hashes = ['attempt_hash', 'object_hash'] %}
with seen as (

    {% if is_small_build() %}
        {% for link_hash in hashes %}
            select {{ link_hash }} as link_hash from {{ delta('int_events__verdicts') }}
            where {{ link_hash }} is not null
            {{ 'union' if not loop.last }}
        {% endfor %}
    {% else %}
        select null::ubigint as link_hash
        where false
    {% endif %}

),

final as (

    {% for link_hash in hashes %}
        select day, journal_seq, event_index, {{ link_hash }} as link_hash
        from {{ ref('int_events__verdicts') }}
        where
            verdict = 'accepted' and {{ link_hash }} is not null
            {% if is_small_build() %}
                and {{ link_hash }} in (select link_hash from seen)
            {% endif %}
        {{ 'union' if not loop.last }}
    {% endfor %}

)

select * from final
