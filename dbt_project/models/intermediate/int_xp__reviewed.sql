{{ config(materialized='table') }}

{{ after('int_lessons__touched', 'int_xp__days_reviewed') }}
-- The entries that a build reviews: those that it redoes, and what their days earned in lessons that
-- it leaves as they are.
select * from {{ ref('int_ledger__entries') }}
{% if is_small_build() %}
    union all by name
    select ledger.* exclude (is_review, review_reason, review_xp, review_active_minutes)
    from {{ previous('fct_xp_ledger') }} as ledger
    semi join {{ ref('int_xp__days_reviewed') }} as days
        on ledger.student_id = days.student_id and ledger.earned_on = days.local_on
    anti join {{ ref('int_lessons__touched') }} as touched
        on ledger.student_id = touched.student_id and ledger.lesson_id = touched.lesson_id
    where {{ not_before('int_xp__days_reviewed', 'local_on', 'ledger.earned_on') }}
{% endif %}
