{% test unique_combination(model, columns) %}
    {#- No two rows agree in all of these columns; a null is a value like any other here. -#}
    select {{ columns | join(', ') }}
    from {{ model }}
    group by all
    having count(*) > 1
{% endtest %}
