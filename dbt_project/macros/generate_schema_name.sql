{% macro generate_schema_name(custom_schema_name, node) %}
    {#- Schemas are named in the warehouse as in the project, without a prefix; temporary tables
        have none. -#}
    {{- (custom_schema_name or target.schema) | trim
        if is_lasting(node) or not is_plan() else 'main' -}}
{% endmacro %}
