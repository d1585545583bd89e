{{ after('int_events__arrived', 'int_events__reread') }}
-- The events that a build judges anew, with every other arrival of the same id.
{% if is_small_build() %}
select * from {{ ref('int_events__arrived') }}
union all
select * from {{ ref('int_events__reread') }}
{% else %}
select * from {{ ref('stg_caliper__events') }}
{% endif %}
