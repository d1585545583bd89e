{#- Views and tables of one build lie in its own database, which nobody else reads: they are
    replaced in one statement, without the renaming and the transactions that readers would need. -#}

{% macro replace_working_relation(relation_type) -%}
    {%- set target_relation = this.incorporate(type=relation_type) -%}
    {%- set existing_relation = load_cached_relation(this) -%}
    {%- if existing_relation is not none and existing_relation.type != relation_type -%}
        {%- do adapter.drop_relation(existing_relation) -%}
    {%- endif -%}
    {%- call statement('main', auto_begin=false) -%}
        create or replace {{ relation_type }} {{ target_relation }} as (
            {{ sql }}
        )
    {%- endcall -%}
    {{- return({'relations': [target_relation]}) -}}
{%- endmacro %}

{% materialization view, adapter='duckdb' -%}
    {{- return(replace_working_relation('view')) -}}
{%- endmaterialization %}

{% materialization table, adapter='duckdb' -%}
    {{- return(replace_working_relation('table')) -}}
{%- endmaterialization %}
