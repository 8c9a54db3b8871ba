-- Dashboards ask these often, and what takes a millisecond must not spend a fifth of it on asking twice who asks: claims are
-- checked once per call, and handed down to a helper that nobody else may call.
create function users_below(org uuid, manager uuid) returns uuid[]
    language plpgsql stable parallel safe
    set search_path = pg_catalog, public
as $$
begin
    return array(
        with recursive below as (
            select t.id from teams t where t.org_id = org and t.manager_id = manager
            union
            select t.id from teams t join below b on t.parent_id = b.id where t.org_id = org
        )
        select u.id from users u where u.org_id = org and u.team_id in (select id from below));
end
$$;
comment on function users_below(uuid, uuid) is
    'Users on the teams of that manager and below. For functions that have checked the claims; nobody with claims may call it.';
revoke all on function users_below(uuid, uuid) from public;

create or replace function latest_official(at_most integer default 50)
    returns table (attempt_id uuid, user_id uuid, scenario_id uuid, status text, score numeric, created_at timestamptz)
    language plpgsql stable parallel safe security definer
    set search_path = pg_catalog, public
as $$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    as_role constant text := claim_role();
    people uuid[];
begin
    if org is null then
        return;
    elsif as_role in ('admin', 'hr') then
        return query select a.id, a.user_id, a.scenario_id, a.status::text, a.score, a.created_at from scenario_attempts a
            where a.org_id = org and a.mode = 'official' order by a.created_at desc limit at_most;
    elsif as_role = 'manager' then
        people := users_below(org, claim_user_id());
        -- A sub-query instead of = any: the planner then reads in order instead of fetching all and sorting.
        return query select a.id, a.user_id, a.scenario_id, a.status::text, a.score, a.created_at from scenario_attempts a
            where a.org_id = org and a.mode = 'official' and (a.user_id in (select unnest(people))) is true
            order by a.created_at desc limit at_most;
    end if;
end
$$;
