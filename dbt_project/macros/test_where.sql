{% macro get_where_subquery(relation) -%}
    {#- What a generic test looks at: in a small build the rows that it redid, else all. -#}
    {%- set node = graph.nodes.get(model.attached_node) if execute else none -%}
    {%- set condition = touched_rows(node.config.incremental_strategy, node.config) | trim
        if node else 'true' -%}
    {%- if condition == 'true' -%}
        {{ relation }}
    {%- else -%}
        (select * from {{ relation }} where {{ condition }}) as tested_rows
    {%- endif -%}
{%- endmacro %}
