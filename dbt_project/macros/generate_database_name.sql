{% macro generate_database_name(custom_database_name=none, node=none) %}
    {#- Only what outlives a build lies in the lake. Views and one build's working tables live in
        a database of the build's own: no commit to the lake, nothing for readers to stumble over. -#}
    {%- set is_lasting = node is none or node.resource_type != 'model'
        or node.config.get('materialized') == 'incremental' or node.fqn[1] == 'marts' -%}
    {{- target.database if is_lasting else 'work' -}}
{% endmacro %}
