-- Rule X4: each reverse row cancels one earn or correct row of the same day and enrollment.
with ledger as (

    select * from {{ ref('fct_xp_ledger') }}
    where {{ in_lessons('student_id', 'lesson_id', 'earned_on') }}

)

select reversed.entry_id
from ledger as reversed
anti join ledger as entries
    on
        entries.kind <> 'reverse'
        and reversed.student_id = entries.student_id
        and reversed.client_id = entries.client_id
        and reversed.earned_at = entries.earned_at
        and reversed.earned_on = entries.earned_on
        and reversed.enrollment_id is not distinct from entries.enrollment_id
        and reversed.xp = -entries.xp
where reversed.kind = 'reverse'
