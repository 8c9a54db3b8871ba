-- As the owner, past the policies of teams and users: these functions name the claims themselves, and policies of other tables ask
-- them in every statement of a manager.
create or replace function managed_team_ids() returns uuid[]
    language plpgsql stable parallel safe security definer
    set search_path = pg_catalog, public
as $$
declare
    org constant uuid := claim_org_id();
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
    language plpgsql stable parallel safe security definer
    set search_path = pg_catalog, public
as $$
declare
    org constant uuid := claim_org_id();
begin
    return (
        with recursive below as (
            select t.id from teams t where t.org_id = org and t.manager_id = claim_user_id()
            union
            select t.id from teams t join below b on t.parent_id = b.id where t.org_id = org
        )
        select coalesce(array_agg(u.id), '{}') from users u where u.org_id = org and u.team_id in (select id from below));
end
$$;
revoke all on function managed_team_ids(), managed_user_ids() from public;
grant execute on function managed_team_ids(), managed_user_ids() to parley_authenticated, parley_service;
