-- Which school and zone judge a student's day, and since when. A version holds from the start of
-- the local day on which it was recorded, the first one since ever.
with user_versions as (

    select
        user_id as student_id,
        school_id,
        if(version = min(version) over versions, null, recorded_at) as known_from_at,
        lead(recorded_at) over (partition by user_id order by version) as known_to_at
    from {{ ref('stg_catalog__users') }}
    window versions as (partition by user_id)

),

org_versions as (

    select
        orgs.org_id,
        zones.timezone,
        if(orgs.version = min(orgs.version) over versions, null, orgs.recorded_at) as known_from_at,
        lead(orgs.recorded_at) over (
            partition by orgs.org_id order by orgs.version
        ) as known_to_at
    from {{ ref('stg_catalog__orgs') }} as orgs
    left join {{ ref('stg_iana__zones') }} as zones on orgs.timezone = zones.timezone
    window versions as (partition by orgs.org_id)

),

pieces as (

    select
        user_versions.student_id,
        user_versions.school_id,
        coalesce(org_versions.timezone, 'UTC') as timezone,
        org_versions.timezone is null as is_timezone_fallback,
        greatest(user_versions.known_from_at, org_versions.known_from_at) as known_from_at
    from user_versions
    left join org_versions
        on user_versions.school_id = org_versions.org_id
        and coalesce(org_versions.known_from_at < user_versions.known_to_at, true)
        and coalesce(user_versions.known_from_at < org_versions.known_to_at, true)

),

started as (

    select
        *,
        coalesce(
            {{ start_of_day(local_date('known_from_at', 'timezone'), 'timezone') }},
            timestamptz '-infinity'
        ) as valid_from_at
    from pieces

),

final as (

    select
        student_id,
        school_id,
        timezone,
        is_timezone_fallback,
        valid_from_at,
        coalesce(
            min(valid_from_at) over (
                partition by student_id
                order by known_from_at asc nulls first, valid_from_at asc, school_id asc
                rows between 1 following and unbounded following
            ),
            timestamptz 'infinity'
        ) as valid_to_at
    from started

)

select * from final where valid_from_at < valid_to_at
