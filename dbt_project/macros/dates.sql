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
