-- Login clients: apps in which people sign in with TimeBack (OIDC relying parties).
alter table identity.clients drop column redirect_uris;

create table identity.login_clients (
    client_id text primary key,
    name text not null,
    partner_client_id text references identity.clients on delete cascade,  -- null: one of ours
    redirect_uris text[] not null check (cardinality(redirect_uris) > 0),
    post_logout_redirect_uris text[] not null default '{}',
    secret_hash bytea,        -- null: a public client, which proves itself by PKCE alone
    status text not null default 'active' check (status in ('active', 'revoked')),
    created_at timestamptz not null default now()
);
create index login_clients_by_partner on identity.login_clients (partner_client_id);
