{% macro as_of() -%}
    {#- The instant that the rules call now: the build's, else the start of this run. -#}
    {%- if is_plan() -%}
        getvariable('as_of')
    {%- else -%}
        timestamptz '{{ var("as_of") or run_started_at.isoformat() }}'
    {%- endif -%}
{%- endmacro %}
