{% macro generate_schema_name(custom_schema_name, node) %}
    {#- Schemas are named in the lake as in the project, without a prefix. -#}
    {{- (custom_schema_name or target.schema) | trim -}}
{% endmacro %}
