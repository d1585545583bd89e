{{ config(materialized='table') }}

-- What each record that changed since the last build said before and says now, as far as a figure
-- can tell. A new title touches nothing here: titles are shown as they are today.
{% set is_new = 'load_id > ' ~ marked_load_id() %}
{% set kinds = {
    'user': ('stg_catalog__users', 'user_id',
        '[school_id, is_student::varchar, daily_goal_xp::varchar, status]'),
    'course': ('stg_catalog__courses', 'course_id',
        '[subject, grade_policy, daily_goal_xp::varchar, status]'),
    'unit': ('stg_catalog__units', 'unit_id', '[sort_order::varchar, course_id, status]'),
    'lesson': ('stg_catalog__lessons', 'lesson_id',
        '[sort_order::varchar, unit_id, course_id, status]'),
    'class': ('stg_catalog__classes', 'class_id', '[course_id, school_id, status]'),
    'enrollment': ('stg_catalog__enrollments', 'enrollment_id',
        '[student_id, class_id, school_id, role, is_primary::varchar, begin_on::varchar,'
        ~ ' end_on::varchar, daily_goal_xp::varchar, status]'),
    'org': ('stg_catalog__orgs', 'org_id',
        '[timezone, daily_goal_xp::varchar, school_days::varchar, holidays::varchar, status]'),
    'client': ('stg_catalog__clients', 'client_id', '[default_app_id]'),
} %}

with versions as (

    {% for record_type, (model_name, record_id, judged) in kinds.items() %}
        select
            '{{ record_type }}' as record_type,
            {{ record_id }} as record_id,
            load_id,
            version,
            recorded_at,
            {{ judged }} as judged
        from {{ ref(model_name) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

compared as (

    select
        *,
        judged is distinct from lag(judged) over record_versions as is_change,
        version = min(version) over (partition by record_type, record_id) as is_first
    from versions
    window record_versions as (partition by record_type, record_id order by version)

),

final as (

    select
        record_type,
        record_id,
        bool_or(is_first) as is_first,
        if(bool_or(is_first), timestamptz '-infinity', min(recorded_at)) as changed_at
    from compared
    where is_change and {{ is_new }}
    group by record_type, record_id

)

select * from final
