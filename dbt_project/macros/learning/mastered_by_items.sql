{#- True at each scored item whose window, the last ten items up to it, is mastery: enough of them
    right, enough of them at all, and over enough sessions. `items` is the table's alias. -#}
{%- macro mastered_by_items(items) -%}
{%- set last_items -%}
over (
    partition by {{ items }}.student_id, {{ items }}.lesson_id
    order by {{ items }}.answered_at, {{ items }}.response_id
    rows between {{ var('mastery_last_items') - 1 }} preceding and current row
)
{%- endset -%}
(
    count(*) {{ last_items }} >= {{ var('mastered_item_count') }}
    and count(*) filter (where {{ items }}.is_correct) {{ last_items }} / count(*) {{ last_items }}
    >= {{ var('mastered_ratio') }}
    and count(distinct {{ items }}.session_id) {{ last_items }}
    >= {{ var('mastered_session_count') }}
)
{%- endmacro -%}
