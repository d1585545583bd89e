{{ config(materialized='table', meta={'empty_with': 'int_events__redone'}) }}

-- The events of earlier loads that a build judges anew, as they were sent. In a full build none is
-- named.
select events.*
from {{ ref('stg_caliper__events') }} as events
semi join {{ ref('int_events__redone') }} as redone using (day, journal_seq, event_index)
where {{ not_before('int_events__redone', 'day', 'events.day') }}
