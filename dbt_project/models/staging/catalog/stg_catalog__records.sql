{{ config(materialized='table') }}

-- The versions of records that a build has not seen, read from the lake once for all kinds.
select * from {{ source('raw', 'records') }}
where {{ has_arrived() }}
