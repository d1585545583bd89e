{#- The attempt that an event belongs to: the whole attempt of an item's attempt, else the attempt
    itself, else the session (without one, the event stands alone). -#}
{%- macro attempt_key(events, session_id) -%}
coalesce(
    {{ events }}.attempt_part_ref,
    {{ events }}.attempt_ref,
    case when {{ events }}.object_type = 'Attempt' then {{ events }}.object_ref end,
    case when {{ events }}.generated_type = 'Attempt' then {{ events }}.generated_ref end,
    'session:' || {{ session_id }},
    'event:' || {{ events }}.event_id
)
{%- endmacro -%}

{#- A grade of one question: sent as QUESTION_RESULT, or for an attempt of an AssessmentItem. -#}
{%- macro is_item_grade(events) -%}
(
    {{ events }}.event_type = 'GradeEvent'
    and coalesce({{ events }}.score_type, 'SCORE') <> 'XP'
    and (
        coalesce({{ events }}.score_type, 'SCORE') = 'QUESTION_RESULT'
        or coalesce({{ events }}.assignable_type, '') = 'AssessmentItem'
    )
)
{%- endmacro -%}

{#- What `parent` (an isPartOf) names, unless that is the course or the lesson itself. -#}
{%- macro assessment_of(parent, events) -%}
case
    when regexp_extract({{ parent }}, '([^/:]+)/*$', 1)
        not in (coalesce({{ events }}.course_id, ''), coalesce({{ events }}.lesson_id, ''))
        and {{ parent }}
        not in (coalesce({{ events }}.course_id, ''), coalesce({{ events }}.lesson_id, ''))
        then {{ parent }}
end
{%- endmacro -%}
