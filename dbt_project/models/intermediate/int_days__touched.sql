{{ config(materialized='table') }}

{{ after('int_students__touched', 'int_events__accepted', 'fct_activity_segments',
    'fct_xp_ledger', 'fct_item_responses', 'int_mastery__first') }}
-- Days of the windows, and older days whose XP, answers or masteries read otherwise now than at the
-- last build. In a full build none is named.
{% set derived = {
    'fct_xp_ledger': ('earned_on', 'entry_id, app_id, course_id, subject, xp, status'),
    'fct_item_responses': ('answered_on', 'response_id, app_id, course_id, subject, is_scored,'
        ~ ' is_correct'),
    'int_mastery__first': ('first_mastered_on', 'mastered_app_id, mastered_subject'),
} %}
{% if is_small_build() %}

with days as (

    select activity.student_id, activity.local_on
    from {{ previous('agg_student_day_lesson__activity') }} as activity
    where {{ in_window_days('activity.student_id', 'activity.local_on') }}
    union
    select events.student_id, events.local_on
    from {{ ref('int_events__accepted') }} as events
    where {{ in_window_days('events.student_id', 'events.local_on') }}
    union
    select segments.student_id, segments.local_on
    from {{ ref('fct_activity_segments') }} as segments
    where {{ in_window_days('segments.student_id', 'segments.local_on') }}
    {% for model_name, (local_on, told) in derived.items() %}
        {% for before, after in [
            (previous(model_name), ref(model_name)), (ref(model_name), previous(model_name))
        ] %}
            union
            select student_id, local_on
            from (
                select student_id, {{ local_on }} as local_on, lesson_id, {{ told }}
                from {{ before }}
                where {{ in_lessons('student_id', 'lesson_id', local_on) }}
                except all
                select student_id, {{ local_on }}, lesson_id, {{ told }}
                from {{ after }}
                where {{ in_lessons('student_id', 'lesson_id', local_on) }}
            )
        {% endfor %}
    {% endfor %}

),

final as (

    select student_id, local_on from days
    where local_on is not null

)

{% else %}

with final as (

    select student_id, earned_on as local_on from {{ ref('fct_xp_ledger') }}
    where false

)

{% endif %}

select * from final
