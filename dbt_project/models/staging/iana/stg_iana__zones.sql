{{ config(materialized='incremental', incremental_strategy='arrived') }}

-- Read in one place: DuckDB's list of zones must not be read by two threads at once.
select name as timezone from pg_timezone_names()
{% if is_small_build() %}
    where false
{% endif %}
