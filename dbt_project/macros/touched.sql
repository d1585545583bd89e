{#- What a build redoes. A lasting model names its unit of recomputation in its config: the rows of
    the units that a build touches are derived anew, and those that differ replace the former ones.

    unit                                    named by
    window(instant)   a student from an instant on    int_students__touched
    lessons(day)      a student in a lesson            int_lessons__touched
    keys(touched, …)  rows of the keys in a table      the table itself
    none              everything: for what is small

    The same conditions narrow what a model reads, and what its tests look at. In a full build
    everything is touched: the conditions are `true`.

    Each condition also says from where on anything is touched, as a bound known before the query is
    planned, by which DuckDB leaves out older row groups. -#}

{% macro is_small_build() -%}
    {%- if not execute or flags.FULL_REFRESH
        or model.resource_type not in ('model', 'test', 'analysis') -%}
        {{- return(false) -}}
    {%- endif -%}
    {{- return(is_plan() or marked_load_id() | int >= 0) -}}
{%- endmacro %}

{% macro after() -%}
    {#- Models that must be there before this one: tells dbt the order of what a small build alone
        reads. Not ref() at run time, so that unit tests need not give them. -#}
    {%- if not execute -%}
        {%- for model_name in varargs -%}
            {%- do ref(model_name) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{% macro working(model_name) -%}
    {#- A working table of this build, by its name alone: tests and strategies may not call ref().
        Under dbt a delta lies beside its model, because a transaction writes one database. -#}
    {%- if is_plan() -%}
        temp.main.{{ model_name }}
    {%- elif model_name.endswith('__delta') -%}
        warehouse.deltas.{{ model_name }}
    {%- else -%}
        work.intermediate.{{ model_name }}
    {%- endif -%}
{%- endmacro %}

{% macro previous(model_name) -%}
    {#- A lasting model as the last build left it. No ref(), which would mean the model as this build
        leaves it: who reads it so must be built before it (tests/warehouse/test_plan.py). -#}
    warehouse.{{ 'intermediate' if model_name.startswith('int_') else 'marts' }}.{{ model_name }}
    /* previous */
{%- endmacro %}

{% macro delta(model_name) -%}
    {#- The rows of a lasting model that this build took away (`is_added` is false) and added. -#}
    {%- if not execute -%}
        {%- do ref(model_name) -%}
    {%- endif -%}
    {{ working(model_name ~ '__delta') }}
{%- endmacro %}

{#- Units: the table that names what is touched, its key columns with the row's expression for each,
    and where the table is long `since` or `not_before`: a column of the touched table and the row's
    own instant or day. `where`: the rows that have this unit, if a model has two. -#}

{% macro window(instant, student_id='student_id', where='true') -%}
    {{- return({
        'touched': 'int_students__touched', 'keys': {'student_id': student_id},
        'since': ['from_at', instant], 'where': where,
    }) -}}
{%- endmacro %}

{% macro lessons(day=none, student_id='student_id', lesson_id='lesson_id', where='true') -%}
    {{- return({
        'touched': 'int_lessons__touched', 'where': where,
        'keys': {'student_id': student_id, 'lesson_id': lesson_id},
        'not_before': ['first_on', day] if day else none,
    }) -}}
{%- endmacro %}

{% macro courses(student_id='student_id', course_id='course_id') -%}
    {{- return(keys('int_lessons__touched', {'student_id': student_id, 'course_id': course_id})) -}}
{%- endmacro %}

{% macro any_lessons(day=none, lesson_id='lesson_id') -%}
    {{- return(keys(
        'int_lessons__touched', {'lesson_id': lesson_id},
        not_before=['lesson_first_on', day] if day else none
    )) -}}
{%- endmacro %}

{% macro items() -%}
    {{- return(keys('int_items__touched', ['item_ref', 'client_id', 'course_id', 'lesson_id'])) -}}
{%- endmacro %}

{% macro days(student_id='student_id', local_on='local_on') -%}
    {{- return(keys(
        'int_days__touched', {'student_id': student_id, 'local_on': local_on},
        not_before=['local_on', local_on]
    )) -}}
{%- endmacro %}

{% macro goal_days(student_id='student_id', local_on='local_on') -%}
    {{- return(keys(
        'int_goals__students', {'student_id': student_id}, since=['redone_from_on', local_on]
    )) -}}
{%- endmacro %}

{% macro verdicts(received_at='received_at') -%}
    {{- return(keys(
        'int_verdicts__touched', {'journal_seq': 'journal_seq', 'event_index': 'event_index'},
        not_before=['received_on', received_at]
    )) -}}
{%- endmacro %}

{% macro keys(touched, columns, not_before=none, since=none) -%}
    {#- Rows that share key columns with a table; `columns` may be a list where names are the same. -#}
    {%- set named = {} -%}
    {%- for column in columns -%}
        {%- do named.update({column: columns[column] if columns is mapping else column}) -%}
    {%- endfor -%}
    {{- return({
        'touched': touched, 'keys': named, 'not_before': not_before, 'since': since, 'where': 'true',
    }) -}}
{%- endmacro %}

{% macro is_touched(unit) -%}
    {#- No `exists`: DuckDB would gather every candidate row before it joins. The columns of the
        touched table are renamed where an expression could mean them instead of its own row.
        ref() tells dbt the order; at run time it is not asked. -#}
    {%- if not execute -%}
        {%- do ref(unit.touched) -%}
    {%- endif -%}
    {%- if not is_small_build() -%}
        true
    {%- else -%}
        {%- set bound = unit.since or unit.not_before -%}
        {%- set keys = unit['keys'] -%}
        (
            {{ not_before(unit.touched, *bound) if bound else 'true' }}
            {%- if unit.since %}
            and {{ unit.since[1] }} >= (
                select min(touched_since) from (
                    select
                        {%- for column in keys %}
                        {{ column }} as touched_{{ column }},
                        {%- endfor %}
                        {{ unit.since[0] }} as touched_since
                    from {{ working(unit.touched) }}
                )
                where
                    {%- for column, expression in keys.items() %}
                    {{ 'and ' if not loop.first }}touched_{{ column }} = {{ expression }}
                    {%- endfor %}
            )
            {%- else %}
            and ({{ keys.values() | join(', ') }}) in (
                select {{ keys | join(', ') }} from {{ working(unit.touched) }}
            )
            {%- endif %}
        )
    {%- endif -%}
{%- endmacro %}

{% macro not_before(touched, column, expression) -%}
    {#- A bound that no touched row lies below: the least `column` of `touched`. -#}
    {%- if not execute -%}
        {%- do ref(touched) -%}
    {%- endif -%}
    {%- if is_small_build() and is_plan() -%}
        {{ expression }} >= getvariable('{{ touched }}.{{ column }}')
    {%- elif is_small_build() and adapter.get_relation('work', 'intermediate', touched) is not none -%}
        {%- set found = run_query(
            'select min(' ~ column ~ ')::varchar, any_value(typeof(' ~ column ~ '))'
            ~ ' from ' ~ working(touched)
        ).rows[0] -%}
        {{ expression }} >= cast('{{ found[0] or "infinity" }}' as {{ found[1] or 'date' }})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{% macro in_window(student_id, instant) -%}
    {{ is_touched(window(instant, student_id)) }}
{%- endmacro %}

{% macro in_lessons(student_id, lesson_id, day=none) -%}
    {{ is_touched(lessons(day, student_id, lesson_id)) }}
{%- endmacro %}

{% macro units_of(config) -%}
    {{- return((config.get('meta') or {}).get('units') or []) -}}
{%- endmacro %}

{% macro touched_rows(config) -%}
    {#- The condition on a lasting model's rows that a build redoes them. -#}
    {%- if not units_of(config) -%}
        true
    {%- endif -%}
    {%- for unit in units_of(config) %}
        {{ 'or ' if not loop.first }}({{ unit.where }} and {{ is_touched(unit) }})
    {%- endfor -%}
{%- endmacro %}
