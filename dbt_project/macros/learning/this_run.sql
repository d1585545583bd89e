{#- Only the students that this build redoes: in a full build all of them, else those of
    int_students__touched. Unlike is_touched it also narrows the views and tables between two
    incremental models, so that a build reads no more than it redoes. -#}
{% macro this_run(student_id) -%}
    {%- set touched = ref('int_students__touched') -%}
    {%- if model.resource_type == 'model' and marked_load_id() >= 0 -%}
        {{ student_id }} in (select touched.student_id from {{ touched }} as touched)
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{#- Days of a student: of those that this build redoes every day, of the others those that the time
    since the last build can have changed. -#}
{% macro get_incremental_touched_days_sql(arg_dict) %}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    delete from {{ arg_dict['target_relation'] }}
    where
        student_id in (select student_id from {{ ref('int_students__touched') }})
        or (student_id, local_on) in (
            select (student_id, local_on) from {{ arg_dict['temp_relation'] }}
        );

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }};
{% endmacro %}
