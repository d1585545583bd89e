{% macro generate_database_name(custom_database_name=none, node=none) %}
    {#- Only what outlives a build lies in the warehouse. Views and one build's working tables lie in
        a database of the build's own; in a plan they are temporary, because DuckDB lets a
        transaction write one database only, and temporary tables do not count. -#}
    {{- target.database if is_lasting(node) else ('temp' if is_plan() else 'work') -}}
{% endmacro %}

{% macro is_lasting(node) -%}
    {{- return(
        node is none or node.resource_type != 'model'
        or node.config.get('materialized') == 'incremental' or node.fqn[1] == 'marts'
    ) -}}
{%- endmacro %}

{% macro is_plan() -%}
    {#- Whether this is compiled for the builder, which runs it with DuckDB variables for what a
        build knows: its instant, the newest load that the last one saw, its bounds. -#}
    {{- return(target.name == 'plan') -}}
{%- endmacro %}
