with clients as (

    select * from {{ ref('stg_catalog__clients') }}
    qualify row_number() over (partition by client_id order by version desc) = 1

),

apps as (

    select client_id, app_id from {{ ref('int_apps__counted') }}
    union
    select client_id, coalesce(default_app_id, client_id) as app_id from clients

),

final as (

    select
        apps.app_id,
        apps.client_id,
        case
            when apps.app_id = coalesce(clients.default_app_id, apps.client_id)
                then coalesce(clients.client_name, apps.app_id)
            else apps.app_id
        end as app_name
    from apps
    left join clients on apps.client_id = clients.client_id
    order by client_id, app_id

)

select * from final
