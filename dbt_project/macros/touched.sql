{#- What a build redoes. The unit of recomputation is the student: int_students__touched names
    those whose raw events or records changed since the last complete build, and those with a
    session that was still open then. Student-grain models use

        config(materialized='incremental', incremental_strategy='touched_students')
        … where {{ is_touched('student_id') }}

    and lose and gain the rows of those students alone. -#}

{% macro is_touched(student_id) -%}
    {%- set students = ref('int_students__touched') -%}
    {%- if is_incremental() -%}
        {{ student_id }} in (select touched.student_id from {{ students }} as touched)
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{% macro get_incremental_touched_students_sql(arg_dict) %}
    {#- Also a student who has no row any more loses the old ones. -#}
    {%- set students = api.Relation.create(
        database='memory', schema='intermediate', identifier='int_students__touched'
    ) -%}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    delete from {{ arg_dict['target_relation'] }}
    where student_id in (select student_id from {{ students }});

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }};
{% endmacro %}

{% macro get_incremental_touched_events_sql(arg_dict) %}
    {#- For event-grain models: every row of an event that this build judges anew is replaced. -#}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    delete from {{ arg_dict['target_relation'] }}
    where (journal_seq, event_index) in (
        select (journal_seq, event_index) from {{ arg_dict['temp_relation'] }}
    );

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }};
{% endmacro %}

{% macro get_incremental_replaced_sql(arg_dict) %}
    {#- For small marts that are derived as a whole: all rows go, all rows come. -#}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    delete from {{ arg_dict['target_relation'] }};

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }};
{% endmacro %}
