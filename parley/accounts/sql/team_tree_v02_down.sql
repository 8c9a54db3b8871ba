create or replace function managed_team_ids() returns uuid[]
    language sql stable parallel safe
    set search_path = pg_catalog, public
    as $$
        with recursive below as (
            select t.id from teams t
            where t.org_id = (select claim_org_id()) and t.manager_id = (select claim_user_id())
            union
            select t.id from teams t join below b on t.parent_id = b.id where t.org_id = (select claim_org_id())
        )
        select coalesce(array_agg(id), '{}') from below
    $$;

create or replace function managed_user_ids() returns uuid[]
    language sql stable parallel safe
    set search_path = pg_catalog, public
    as $$
        select coalesce(array_agg(u.id), '{}') from users u
        where u.org_id = (select claim_org_id()) and u.team_id = any ((select managed_team_ids())::uuid[])
    $$;
