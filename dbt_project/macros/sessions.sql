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
