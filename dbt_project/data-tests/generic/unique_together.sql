{% test unique_together(model, columns) %}

-- Rows that share all of `columns`; nulls are equal to each other.
select {{ columns | join(', ') }}, count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1

{% endtest %}
