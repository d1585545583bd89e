with latest as (

    select * from {{ ref('stg_catalog__orgs') }}
    qualify row_number() over (partition by org_id order by version desc) = 1

),

zones as (

    select * from {{ ref('stg_iana__zones') }}

),

final as (

    select
        latest.org_id as school_id,
        latest.org_name as school_name,
        latest.org_type,
        latest.parent_org_id,
        coalesce(zones.timezone, 'UTC') as timezone,
        latest.status = 'active' as is_active,
        latest.is_sandbox
    from latest
    left join zones on latest.timezone = zones.timezone
    order by school_id

)

select * from final
