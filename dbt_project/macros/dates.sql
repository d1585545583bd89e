{#- Instants and the local days of a school. Zones are IANA names that int_students__dated vetted. -#}

{% macro local_date(instant, timezone) -%}
    cast(timezone({{ timezone }}, {{ instant }}) as date)
{%- endmacro %}

{% macro start_of_day(day, timezone) -%}
    timezone({{ timezone }}, cast({{ day }} as timestamp))
{%- endmacro %}

{% macro seconds_between(earlier, later) -%}
    (epoch_us({{ later }}) - epoch_us({{ earlier }})) / 1e6
{%- endmacro %}

{% macro restated_at(known_at, local_on, timezone) -%}
    {#- When a day that was over was changed by what became known later; null if it was not. -#}
    case
        when
            {{ known_at }} > {{ start_of_day(local_on ~ ' + 1', timezone) }}
            + to_minutes({{ var('restated_after_minutes') }})
            then {{ known_at }}
    end
{%- endmacro %}
