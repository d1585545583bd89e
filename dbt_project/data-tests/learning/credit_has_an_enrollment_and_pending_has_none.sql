-- Rule X9: the ledger is what its enrollments were credited and what waits for one.
select entry_id from {{ ref('fct_xp_ledger') }}
where
    (status = 'credited') <> (enrollment_id is not null)
    and {{ in_lessons('student_id', 'lesson_id', 'earned_on') }}
