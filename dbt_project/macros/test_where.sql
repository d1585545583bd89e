{% macro get_where_subquery(relation) -%}
    {#- What a generic test looks at: in a small build the rows that it redid, else all. -#}
    {%- set node = graph.nodes.get(model.attached_node) if execute else none -%}
    {%- if node and is_small_build() and is_plan() and is_redone(node) -%}
        {{ working(node.name ~ '__derived') }}
    {%- elif node and is_small_build() -%}
        (select * from {{ relation }} where {{ touched_rows(node.config) }}) as tested_rows
    {%- else -%}
        {{ relation }}
    {%- endif -%}
{%- endmacro %}
