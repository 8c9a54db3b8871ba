-- Who sees which organisation, user and team. Policies come before grants; unset claims match nothing.

create function claim_org_id() returns uuid
    language sql stable parallel safe
    set search_path = pg_catalog, public
    as $$ select nullif(current_setting('jwt.claims.org_id', true), '')::uuid $$;
comment on function claim_org_id() is 'Organisation of the acting member; null when nobody acts.';

create function claim_user_id() returns uuid
    language sql stable parallel safe
    set search_path = pg_catalog, public
    as $$ select nullif(current_setting('jwt.claims.user_id', true), '')::uuid $$;
comment on function claim_user_id() is 'users.id of the acting member; null when nobody acts.';

create function claim_role() returns text
    language sql stable parallel safe
    set search_path = pg_catalog, public
    as $$ select coalesce(current_setting('jwt.claims.role', true), '') $$;
comment on function claim_role() is 'Role of the acting member (trainee, manager, admin, hr); empty when nobody acts.';

-- The one read that must come before claims exist: in which organisations is this identity a user?
create function memberships_of(who uuid) returns table (
    user_id uuid, org_id uuid, role text, first_name text, last_name text, email text, org_name text)
    language sql stable security definer
    set search_path = pg_catalog, public
    as $$
        select u.id, u.org_id, u.role, u.first_name, u.last_name, u.email, o.name
        from users u join orgs o on o.id = u.org_id
        where u.identity_id = who and u.is_active
        order by u.created_at, u.id
    $$;
comment on function memberships_of(uuid) is 'Active users of one identity, oldest first; the authenticator asks it before it takes claims.';
revoke all on function memberships_of(uuid) from public;
grant execute on function memberships_of(uuid) to parley_authenticator, parley_service;

alter table orgs enable row level security;
alter table orgs force row level security;
create policy orgs_owner on orgs to parley_owner using (true) with check (true);
create policy orgs_service on orgs to parley_service using (true) with check (true);
create policy orgs_read on orgs for select to parley_authenticated using (id = (select claim_org_id()));
create policy orgs_change on orgs for update to parley_authenticated
    using (id = (select claim_org_id()) and (select claim_role()) = 'admin')
    with check (id = (select claim_org_id()) and (select claim_role()) = 'admin');
grant select, update on orgs to parley_authenticated;
grant select, insert, update, delete on orgs to parley_service;

alter table users enable row level security;
alter table users force row level security;
create policy users_owner on users to parley_owner using (true) with check (true);
create policy users_service on users to parley_service using (true) with check (true);
create policy users_read on users for select to parley_authenticated using (org_id = (select claim_org_id()));
create policy users_add on users for insert to parley_authenticated
    with check (org_id = (select claim_org_id()) and (select claim_role()) = 'admin');
create policy users_change_as_admin on users for update to parley_authenticated
    using (org_id = (select claim_org_id()) and (select claim_role()) = 'admin')
    with check (org_id = (select claim_org_id()) and (select claim_role()) = 'admin');
-- Checks of several policies are alternatives, so each repeats its role: else this update would pass by the admin's check.
-- Whoever edits their own profile keeps the role the database knows.
create policy users_change_own on users for update to parley_authenticated
    using (org_id = (select claim_org_id()) and id = (select claim_user_id()))
    with check (org_id = (select claim_org_id()) and id = (select claim_user_id()) and role = (select claim_role()) and is_active);
grant select, insert, update on users to parley_authenticated;
grant select, insert, update, delete on users to parley_service;

alter table teams enable row level security;
alter table teams force row level security;
create policy teams_owner on teams to parley_owner using (true) with check (true);
create policy teams_service on teams to parley_service using (true) with check (true);
create policy teams_read on teams for select to parley_authenticated using (org_id = (select claim_org_id()));
create policy teams_write on teams to parley_authenticated
    using (org_id = (select claim_org_id()) and (select claim_role()) = 'admin')
    with check (org_id = (select claim_org_id()) and (select claim_role()) = 'admin');
grant select, insert, update, delete on teams to parley_authenticated;
grant select, insert, update, delete on teams to parley_service;
