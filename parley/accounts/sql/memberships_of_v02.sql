-- The one read that must come before claims exist: in which organisations is this identity a user, and what does every page
-- need to know of them?
drop function memberships_of(uuid);
create function memberships_of(who uuid) returns table (
    user_id uuid, org_id uuid, role text, first_name text, last_name text, email text, org_name text, timezone text,
    locale text, avatar_url text, logo_url text)
    language sql stable security definer
    set search_path = pg_catalog, public
    as $$
        select u.id, u.org_id, u.role, u.first_name, u.last_name, u.email, o.name, coalesce(nullif(u.timezone, ''), o.timezone),
            u.locale, u.avatar_url, o.logo_url
        from users u join orgs o on o.id = u.org_id
        where u.identity_id = who and u.is_active
        order by u.created_at, u.id
    $$;
comment on function memberships_of(uuid) is 'Active users of one identity, oldest first; the authenticator asks it before it takes claims.';
revoke all on function memberships_of(uuid) from public;
grant execute on function memberships_of(uuid) to parley_authenticator, parley_service;
