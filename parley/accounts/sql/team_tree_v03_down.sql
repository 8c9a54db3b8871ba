-- In PL/pgSQL, which keeps its plans: policies ask in every statement of a manager.
create or replace function managed_team_ids() returns uuid[]
    language plpgsql stable parallel safe security invoker
    set search_path = pg_catalog, public
as $$
declare
    org uuid := claim_org_id();
begin
    return (
        with recursive below as (
            select t.id from teams t where t.org_id = org and t.manager_id = claim_user_id()
            union
            select t.id from teams t join below b on t.parent_id = b.id where t.org_id = org
        )
        select coalesce(array_agg(id), '{}') from below);
end
$$;

create or replace function managed_user_ids() returns uuid[]
    language plpgsql stable parallel safe security invoker
    set search_path = pg_catalog, public
as $$
declare
    teams_below uuid[] := managed_team_ids();
    org uuid := claim_org_id();
begin
    return (select coalesce(array_agg(u.id), '{}') from users u where u.org_id = org and u.team_id = any (teams_below));
end
$$;
grant execute on function managed_team_ids(), managed_user_ids() to public;
