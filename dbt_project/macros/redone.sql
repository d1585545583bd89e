{#- How a small build writes a lasting model: what it derived anew is compared with the rows of the
    touched units as they are, and only what differs is written. The difference stays for the models
    that follow, and for who publishes it. -#}

{% macro is_redone(node) -%}
    {{- return(
        node.resource_type == 'model' and node.config.get('materialized') == 'incremental'
        and node.config.get('incremental_strategy') == 'redone'
    ) -}}
{%- endmacro %}

{% macro redo(relation, name, derived, config) -%}
    {#- The touched rows are found by their keys alone; of these the whole rows are read. -#}
    create or replace {{ 'temp' if is_plan() }} table {{ working(name ~ '__delta') }} as
    with former as materialized (
        select false as is_added, rowid as place, hash(former) as digest, former.*
        from {{ relation }} as former
        {%- if units_of(config) %}
        where rowid in (
            {%- for unit in units_of(config) %}
            select rowid from {{ relation }} where {{ unit.where }} and {{ is_touched(unit) }}
            {{ 'union all' if not loop.last }}
            {%- endfor %}
        )
        {%- endif %}
    ),
    derived as materialized (
        select true as is_added, hash(derived) as digest, derived.* from {{ derived }} as derived
    )
    select * exclude (digest) from former anti join derived using (digest)
    union all by name
    select * exclude (digest) from derived anti join former using (digest);

    delete from {{ relation }}
    where rowid in (select place from {{ working(name ~ '__delta') }} where not is_added);

    insert into {{ relation }} by name
    select * exclude (is_added, place) from {{ working(name ~ '__delta') }}
    where is_added;
{%- endmacro %}

{% macro get_incremental_redone_sql(arg_dict) -%}
    {{ redo(arg_dict['target_relation'], model.name, arg_dict['temp_relation'], config) }}
{%- endmacro %}

{% macro get_incremental_arrived_sql(arg_dict) -%}
    {#- What only ever arrives: the model selects what is new. -#}
    insert into {{ arg_dict['target_relation'] }} by name from {{ arg_dict['temp_relation'] }}
{%- endmacro %}
