{#- What a build redoes. Each lasting model names its unit of recomputation by its incremental
    strategy; the rows of the units that a build touches are deleted and derived anew:

    strategy             unit                                      named by
    touched_events       an event                                  int_events__redone
    touched_window       a student from an instant on (`instant`)  int_students__touched
    touched_lessons      a student in a lesson (`day`)             int_lessons__touched
    touched_courses      a student in a course                     int_lessons__touched
    touched_any_lessons  a lesson, over all students               int_lessons__touched
    touched_facts        a fact: by window (views) or lesson       int_students__touched and the former
    touched_days         a student's local day                     int_days__touched
    touched_goals        a student from a local day on             int_goals__students
    touched_verdicts     an event as its partner reads it          int_verdicts__touched
    touched_receipts     a client's day of receipt                 int_verdicts__touched
    replaced             everything: for what is small

    The same conditions narrow what a model reads, and what its tests look at. In a full build
    everything is touched: the conditions are `true`.

    Large tables lie in months, so each condition also says from which day on anything is touched:
    as a literal, by which DuckDB leaves out older files before it opens them. -#}

{% macro is_small_build() -%}
    {{- return(model.resource_type in ('model', 'test') and marked_load_id() >= 0) -}}
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

{% macro previous(model_name) -%}
    {#- A lasting model as the last build left it: the source is attached at that state. No ref(),
        which would mean the model as this build leaves it. -#}
    src.{{ 'intermediate' if model_name.startswith('int_') else 'marts' }}.{{ model_name }}
{%- endmacro %}

{% macro is_touched(touched, conditions) -%}
    {#- `conditions`: (column of `touched`, operator, expression of the row that asks). The columns
        are renamed, so that the expression can mean nothing but its own row. ref() tells dbt the
        order; at run time it is not asked, because tests and strategies may not. -#}
    {%- if not execute -%}
        {%- do ref(touched) -%}
    {%- endif -%}
    {%- if is_small_build() -%}
        exists (
            select 1 from (
                select
                    {%- for column, _, _ in conditions %}
                    {{ column }} as touched_{{ column }}{{ ',' if not loop.last }}
                    {%- endfor %}
                from work.intermediate.{{ touched }}
            ) as touched
            where
                {%- for column, operator, expression in conditions %}
                {{ 'and ' if not loop.first }}touched_{{ column }} {{ operator }} {{ expression }}
                {%- endfor %}
        )
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{% macro not_before(touched, column, expression) -%}
    {#- A literal bound that no touched row lies below: the least `column` of `touched`. -#}
    {%- if not execute -%}
        {%- do ref(touched) -%}
    {%- endif -%}
    {%- if is_small_build() and adapter.get_relation('work', 'intermediate', touched) is not none -%}
        {%- set found = run_query(
            'select min(' ~ column ~ ')::varchar, any_value(typeof(' ~ column ~ '))'
            ~ ' from work.intermediate.' ~ touched
        ).rows[0] -%}
        {{ expression }} >= cast('{{ found[0] or "infinity" }}' as {{ found[1] or 'date' }})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{% macro in_window(student_id, instant) -%}
    (
        {{ not_before('int_students__touched', 'from_at', instant) }}
        and {{ is_touched('int_students__touched', [
            ('student_id', '=', student_id), ('from_at', '<=', instant)
        ]) }}
    )
{%- endmacro %}

{% macro in_window_days(student_id, local_on) -%}
    {#- The local days that a window touches, whole: its first one may have begun before it. -#}
    (
        {{ not_before('int_students__touched', 'from_on', local_on) }}
        and {{ is_touched('int_students__touched', [
            ('student_id', '=', student_id), ('from_on', '<=', local_on)
        ]) }}
    )
{%- endmacro %}

{% macro in_lessons(student_id, lesson_id, local_on=none) -%}
    {#- `local_on`: the row's day, where it has one and the table is long. -#}
    (
        {{ not_before('int_lessons__touched', 'first_on', local_on) if local_on else 'true' }}
        and {{ is_touched('int_lessons__touched', [
            ('student_id', '=', student_id), ('lesson_id', '=', lesson_id)
        ]) }}
    )
{%- endmacro %}

{% macro in_courses(student_id, course_id) -%}
    {{ is_touched('int_lessons__touched', [
        ('student_id', '=', student_id), ('course_id', '=', course_id)
    ]) }}
{%- endmacro %}

{% macro in_any_lesson(lesson_id, local_on=none) -%}
    (
        {{ not_before('int_lessons__touched', 'lesson_first_on', local_on) if local_on else 'true' }}
        and {{ is_touched('int_lessons__touched', [('lesson_id', '=', lesson_id)]) }}
    )
{%- endmacro %}

{% macro in_days(student_id, local_on) -%}
    (
        {{ not_before('int_days__touched', 'local_on', local_on) }}
        and {{ is_touched('int_days__touched', [
            ('student_id', '=', student_id), ('local_on', '=', local_on)
        ]) }}
    )
{%- endmacro %}

{% macro in_goal_days(student_id, local_on) -%}
    (
        {{ not_before('int_goals__students', 'redone_from_on', local_on) }}
        and {{ is_touched('int_goals__students', [
            ('student_id', '=', student_id), ('redone_from_on', '<=', local_on)
        ]) }}
    )
{%- endmacro %}

{% macro in_verdicts(journal_seq, event_index, received_at) -%}
    (
        {{ not_before('int_verdicts__touched', 'received_on', received_at) }}
        and {{ is_touched('int_verdicts__touched', [
            ('journal_seq', '=', journal_seq), ('event_index', '=', event_index)
        ]) }}
    )
{%- endmacro %}

{% macro in_receipts(client_id, received_on) -%}
    {{ is_touched('int_verdicts__touched', [
        ('client_id', '=', client_id), ('received_on', '=', received_on)
    ]) }}
{%- endmacro %}

{% macro touched_rows(strategy, config) -%}
    {#- The condition on a lasting model's rows that a build redoes them. -#}
    {%- if strategy == 'touched_events' -%}
        {#- New arrivals are tested too, but there is nothing of them to delete. -#}
        {%- set judged = 'int_events__touched' if model.resource_type == 'test' else 'int_events__redone' -%}
        {{ is_touched(judged, [
            ('day', '=', 'day'), ('journal_seq', '=', 'journal_seq'),
            ('event_index', '=', 'event_index')
        ]) }}
        and {{ not_before(judged, 'day', 'day') }}
    {%- elif strategy == 'touched_window' -%}
        {{ in_window('student_id', config.get('instant')) }}
    {%- elif strategy == 'touched_lessons' -%}
        {{ in_lessons('student_id', 'lesson_id', config.get('day')) }}
    {%- elif strategy == 'touched_courses' -%}
        {{ in_courses('student_id', 'course_id') }}
    {%- elif strategy == 'touched_any_lessons' -%}
        {{ in_any_lesson('lesson_id') }}
    {%- elif strategy == 'touched_facts' -%}
        (
            (fact_type = 'view' and {{ in_window_days('student_id', 'local_on') }})
            or (fact_type <> 'view' and {{ in_lessons('student_id', 'lesson_id', 'local_on') }})
        )
    {%- elif strategy == 'touched_days' -%}
        {{ in_days('student_id', 'local_on') }}
    {%- elif strategy == 'touched_goals' -%}
        {{ in_goal_days('student_id', 'local_on') }}
    {%- elif strategy == 'touched_verdicts' -%}
        {{ in_verdicts('journal_seq', 'event_index', 'received_at') }}
    {%- elif strategy == 'touched_receipts' -%}
        {{ in_receipts('client_id', 'received_on') }}
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{% macro replace_touched(arg_dict) -%}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    delete from {{ arg_dict['target_relation'] }}
    where {{ touched_rows(config.get('incremental_strategy'), config) }};

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }};
{%- endmacro %}

{% macro get_incremental_touched_events_sql(arg_dict) %}{{ replace_touched(arg_dict) }}{% endmacro %}
{% macro get_incremental_touched_window_sql(arg_dict) %}{{ replace_touched(arg_dict) }}{% endmacro %}
{% macro get_incremental_touched_lessons_sql(arg_dict) %}{{ replace_touched(arg_dict) }}{% endmacro %}
{% macro get_incremental_touched_courses_sql(arg_dict) %}{{ replace_touched(arg_dict) }}{% endmacro %}
{% macro get_incremental_touched_any_lessons_sql(arg_dict) %}{{ replace_touched(arg_dict) }}{% endmacro %}
{% macro get_incremental_touched_facts_sql(arg_dict) %}{{ replace_touched(arg_dict) }}{% endmacro %}
{% macro get_incremental_touched_days_sql(arg_dict) %}{{ replace_touched(arg_dict) }}{% endmacro %}
{% macro get_incremental_touched_goals_sql(arg_dict) %}{{ replace_touched(arg_dict) }}{% endmacro %}
{% macro get_incremental_touched_verdicts_sql(arg_dict) %}{{ replace_touched(arg_dict) }}{% endmacro %}
{% macro get_incremental_touched_receipts_sql(arg_dict) %}{{ replace_touched(arg_dict) }}{% endmacro %}
{% macro get_incremental_replaced_sql(arg_dict) %}{{ replace_touched(arg_dict) }}{% endmacro %}
