create or replace function manages_user(who uuid) returns boolean
    language sql stable parallel safe
    set search_path = pg_catalog, public
    as $$
        select exists (
            select 1 from users u join teams t on t.id = u.team_id
            where u.id = who and t.manager_id = claim_user_id() and u.org_id = claim_org_id())
    $$;
comment on function manages_user(uuid) is 'Does the acting member manage the team of this user?';
