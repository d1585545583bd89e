{{ config(materialized='table') }}

{{ after('int_goals__changed') }}
-- Days whose events, time, XP, answers or masteries read otherwise now than at the last build, and
-- the days on which a student may be in another school. In a full build none is named.
{% set days = {
    'int_events__verdicts': 'local_on',
    'fct_activity_segments': 'local_on',
    'fct_xp_ledger': 'earned_on',
    'fct_item_responses': 'answered_on',
    'int_attempts__results': 'scored_on',
    'int_mastery__first': 'first_mastered_on',
} %}
{% if is_small_build() %}

with days as (

    {% for model_name, local_on in days.items() %}
        select student_id, {{ local_on }} as local_on from {{ delta(model_name) }}
        union
    {% endfor %}
    select activity.student_id, activity.local_on
    from {{ previous('agg_student_day_lesson__activity') }} as activity
    inner join {{ ref('int_goals__changed') }} as changed
        on activity.student_id = changed.student_id and activity.local_on >= changed.changed_on

),

final as (

    select student_id, local_on from days
    where student_id is not null and local_on is not null

)

{% else %}

{% for model_name in days %}
    {{ after(model_name) }}
{% endfor %}
with final as (

    select student_id, earned_on as local_on from {{ ref('fct_xp_ledger') }}
    where false

)

{% endif %}

select * from final
