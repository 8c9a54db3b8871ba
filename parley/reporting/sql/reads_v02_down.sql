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
        people := managed_user_ids();
        -- A sub-query instead of = any: the planner then reads in order instead of fetching all and sorting.
        return query select a.id, a.user_id, a.scenario_id, a.status::text, a.score, a.created_at from scenario_attempts a
            where a.org_id = org and a.mode = 'official' and (a.user_id in (select unnest(people))) is true
            order by a.created_at desc limit at_most;
    end if;
end
$$;
drop function users_below(uuid, uuid);
