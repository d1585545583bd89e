{#- Ids come bare, as urn:uuid:… or as URLs whose last path segment is the id. -#}

{% macro last_segment(ref) -%}
    try(url_decode(regexp_extract(regexp_replace({{ ref }}, '[?#].*$', ''), '([^/]+)/*$', 1)))
{%- endmacro %}

{% macro id_keys(ref) -%}
    {#- The ids that a reference may mean, in the order in which they are tried. -#}
    list_filter(
        [
            {{ ref }},
            regexp_replace({{ ref }}, '^urn:uuid:', ''),
            case when contains({{ ref }}, '/') then {{ last_segment(ref) }} end,
        ],
        lambda candidate: candidate <> ''
    )
{%- endmacro %}

{% macro references_of(events) -%}
    {#- What an event names of roster and catalog. -#}
    [
        {%- for reference in (
            'student', 'assignee', 'course', 'lesson', 'assignable', 'assignable_part', 'object_part'
        ) -%}
            {{ events }}.{{ reference }}_ref {{- ', ' if not loop.last }}
        {%- endfor -%}
    ]
{%- endmacro %}

{% macro course_types() -%}
    ('CourseOffering', 'CourseSection')
{%- endmacro %}
