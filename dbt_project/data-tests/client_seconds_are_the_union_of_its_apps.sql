-- Ruling d: what counts for a client is the union of its own sessions' seconds.
{{ not_the_union(of='student_id, client_id', counted='is_counted_for_client') }}
