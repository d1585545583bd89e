-- Rule S6: a student's counted seconds are the union of all sessions' seconds.
{{ not_the_union(of='student_id', counted='is_counted') }}
