{% macro attach_source() %}
    {#- Attach the lake read-only at the build's source snapshot (its newest if none is named), so
        that all models see the same raw rows. In a warm process the last run's is let go first. -#}
    {%- set dsn = env_var('TIMEBACK_LAKE_DSN', '') | replace("'", "''") -%}
    {%- set snapshot = env_var('TIMEBACK_SOURCE_SNAPSHOT', '') -%}
    {%- if execute and not is_plan() -%}
        {%- do run_query('detach database if exists src') -%}
        {%- set attachment -%}
            attach 'ducklake:postgres:{{ dsn }}' as src (
                data_path '{{ env_var("TIMEBACK_LAKE_PATH", "") }}',
                metadata_schema 'ducklake',
                {% if snapshot %}snapshot_version {{ snapshot }},{% endif %}
                read_only
            )
        {%- endset -%}
        {%- do run_query(attachment) -%}
    {%- endif -%}
{% endmacro %}
