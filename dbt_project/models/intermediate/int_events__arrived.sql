{{ config(materialized='table') }}

-- What came since the last build, read from the lake once. In a full build, which reads all of raw,
-- none is named.
select * from {{ ref('stg_caliper__events') }}
where {{ has_arrived() if is_small_build() else 'false' }}
