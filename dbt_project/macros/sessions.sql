{#- What an event is to a session: grades, and whatever software did, open none (design S1, rulings
    on sessions). -#}
{% macro session_kind(events) -%}
    case
        when {{ events }}.event_type = 'SessionEvent' and {{ events }}.action = 'LoggedOut'
            then 'logout'
        when {{ events }}.event_type = 'SessionEvent' and {{ events }}.action = 'TimedOut'
            then 'timeout'
        when {{ events }}.event_type = 'GradeEvent' or {{ events }}.actor_is_software
            then 'passive'
        when {{ events }}.event_type = 'SessionEvent' and {{ events }}.action = 'LoggedIn'
            then 'login'
        else 'activity'
    end
{%- endmacro %}

{#- When the time began that an event states: it lies before the event, and is no longer than a
    session may be (ruling a). The event's own instant where it states none. -#}
{% macro stated_from(occurred_at='occurred_at', duration_seconds='duration_seconds') -%}
    {{ occurred_at }} - to_seconds(
        least(coalesce({{ duration_seconds }}, 0), {{ var('session_cap_hours') }} * 3600)
    )
{%- endmacro %}
