{#- The mark of the last complete build: the newest load that it saw, and its as_of. It is written
    when every model of the project succeeded, and only then, so that a build that was cut off or
    that ran a part of the models leaves nothing out of the next one. -#}

{% macro build_mark_relation() -%}
    {{ target.database }}.intermediate.build_mark
{%- endmacro %}

{% macro create_build_mark() %}
    {%- if execute and target.name == 'warehouse' -%}
        {%- do run_query('create schema if not exists ' ~ target.database ~ '.intermediate') -%}
        {%- do run_query('create schema if not exists ' ~ target.database ~ '.deltas') -%}
        {%- do run_query(
            'create table if not exists ' ~ build_mark_relation()
            ~ ' (load_id bigint, as_of timestamptz)'
        ) -%}
    {%- endif -%}
{% endmacro %}

{% macro write_build_mark(results) %}
    {%- if execute and target.name == 'warehouse' -%}
        {%- set built = results
            | selectattr('node.resource_type', 'equalto', 'model')
            | selectattr('status', 'equalto', 'success') | list -%}
        {%- set models = graph.nodes.values()
            | selectattr('resource_type', 'equalto', 'model') | list -%}
        {%- if built | length == models | length -%}
            create or replace table {{ build_mark_relation() }} as
            select
                coalesce(max(load_id), -1) as load_id,
                {{ as_of() }} as as_of
            from {{ source('raw', 'loads') }}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}

{% macro marked_load_id() %}
    {#- The newest load that the last complete build saw; -1 where everything is to be redone. -#}
    {%- if not execute or flags.FULL_REFRESH or target.name == 'published' -%}
        {{ return(-1) }}
    {%- elif is_plan() -%}
        {{ return("getvariable('since_load_id')") }}
    {%- elif var('since_load_id') is not none -%}
        {{ return(var('since_load_id') | int) }}
    {%- endif -%}
    {%- set found = run_query('select max(load_id) from ' ~ build_mark_relation()) -%}
    {%- set load_id = found.columns[0].values()[0] -%}
    {{ return(-1 if load_id is none else load_id | int) }}
{% endmacro %}

{% macro marked_as_of() %}
    {#- The as_of of the last complete build, as a SQL literal. -#}
    {%- if not execute or flags.FULL_REFRESH or target.name == 'published' -%}
        {{ return("timestamptz '-infinity'") }}
    {%- elif is_plan() -%}
        {{ return("getvariable('since_as_of')") }}
    {%- elif var('since_as_of') is not none -%}
        {{ return("timestamptz '" ~ var('since_as_of') ~ "'") }}
    {%- endif -%}
    {%- set found = run_query('select max(as_of)::varchar from ' ~ build_mark_relation()) -%}
    {%- set as_of = found.columns[0].values()[0] -%}
    {{ return("timestamptz '" ~ (as_of or '-infinity') ~ "'") }}
{% endmacro %}

{% macro has_arrived() -%}
    {#- True for raw rows that the last complete build has not seen; for all in a full build. -#}
    {{ 'load_id > ' ~ marked_load_id() if is_small_build() else 'true' }}
{%- endmacro %}
