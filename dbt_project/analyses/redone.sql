{#- The statements with which a small build writes each lasting model, as JSON: what the strategy
    `redone` runs under dbt, compiled for who runs the plan. -#}
{%- set statements = {} -%}
{%- for node in graph.nodes.values() if is_redone(node) -%}
    {%- set relation = node.database ~ '.' ~ node.schema ~ '.' ~ node.name -%}
    {%- do statements.update({
        node.name: redo(relation, node.name, working(node.name ~ '__derived'), node.config)
    }) -%}
{%- endfor -%}
{{ tojson(statements) }}
