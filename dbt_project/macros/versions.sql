{#- Of each record its newest active version, which says what holds, else its newest one; `ended_at` is
    the instant at which it was deleted, if it is. -#}
{% macro last_active_versions(relation, key) -%}
    select
        *,
        case
            when max_by(status, version) over (partition by {{ key }}) = 'tobedeleted'
                then max(recorded_at) filter (where status = 'tobedeleted')
                    over (partition by {{ key }})
        end as ended_at
    from {{ relation }}
    qualify row_number() over (
        partition by {{ key }} order by status = 'active' desc, version desc
    ) = 1
{%- endmacro %}
