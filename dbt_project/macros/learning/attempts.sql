{#- The whole attempt of an item's attempt, else the attempt itself, as sent; null if the event names
    none. -#}
{%- macro attempt_id(events) -%}
coalesce(
    {{ events }}.attempt_part_ref,
    {{ events }}.attempt_ref,
    case when {{ events }}.object_type = 'Attempt' then {{ events }}.object_ref end,
    case when {{ events }}.generated_type = 'Attempt' then {{ events }}.generated_ref end
)
{%- endmacro -%}

{#- The attempt that an event belongs to: the one that it names, else the session (without one, the
    event stands alone). -#}
{%- macro attempt_key(events, session_id) -%}
coalesce(
    {{ attempt_id(events) }},
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

{#- What an event itself names as assessed (rule G1, ruling g): what its attempt is at, else the
    object itself if it is a whole, else the whole that the item is part of; null if nothing. What a
    grade of one question is at is the question, no whole. A reference to the course or the lesson
    names none. `verdict` has the ids of both. -#}
{%- macro named_ref(events, verdict) -%}
list_filter(
    [
        case
            when
                {{ events }}.assignable_type is distinct from 'AssessmentItem'
                and (
                    {{ events }}.event_type <> 'GradeEvent'
                    or {{ events }}.score_type is distinct from 'QUESTION_RESULT'
                )
                and (
                    {{ events }}.event_type <> 'AssessmentItemEvent'
                    or {{ events }}.assignable_ref is distinct from {{ events }}.object_ref
                )
                then {{ events }}.assignable_ref
        end,
        case
            when
                {{ events }}.object_type in ('Assessment', 'AssignableDigitalResource')
                or (
                    {{ events }}.event_type = 'AssessmentEvent'
                    and {{ events }}.object_type is null
                )
                then {{ events }}.object_ref
        end,
        case
            when
                coalesce({{ events }}.object_part_type, 'Assessment') = 'Assessment'
                and (
                    {{ events }}.object_type = 'AssessmentItem'
                    or {{ events }}.event_type = 'AssessmentItemEvent'
                )
                then {{ events }}.object_part_ref
        end,
        case
            when
                {{ events }}.assignable_type = 'AssessmentItem'
                or {{ events }}.event_type = 'AssessmentItemEvent'
                or {{ events }}.score_type = 'QUESTION_RESULT'
                then {{ events }}.assignable_part_ref
        end
    ],
    lambda candidate: candidate is not null
    and not list_has_any(
        [candidate, regexp_extract(candidate, '([^/:]+)/*$', 1)],
        [{{ verdict }}.course_id, {{ verdict }}.lesson_id]
    )
)[1]
{%- endmacro -%}
