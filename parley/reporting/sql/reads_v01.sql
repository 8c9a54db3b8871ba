-- What dashboards read. Each runs as the owner, past policies: so it names the claims and the rule of visibility itself. PL/pgSQL
-- keeps the plans, and each role has its own statement, so that nobody pays for the rules of others.

create function leaderboard(of_month date, at_most integer default 50)
    returns table (user_id uuid, user_name text, team_id uuid, team_name text, place integer, average_score numeric,
        best_score numeric, attempts integer, passed integer, minutes numeric)
    language plpgsql stable parallel safe security definer
    set search_path = pg_catalog, public
as $$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    as_role constant text := claim_role();
    teams uuid[];
begin
    if org is null then
        return;
    elsif as_role in ('admin', 'hr') then
        return query select m.user_id, d.name::text, m.team_id, d.team_name::text, m.place, m.average_score, m.best_score, m.attempts,
                m.passed, m.minutes
            from mv_leaderboard_month m join dim_users d on d.user_key = m.user_key
            where m.org_id = org and m.month = of_month order by m.place, m.user_id limit at_most;
    else
        teams := case as_role when 'manager' then managed_team_ids() else array[my_team_id()] end;
        return query select m.user_id, d.name::text, m.team_id, d.team_name::text, m.place, m.average_score, m.best_score, m.attempts,
                m.passed, m.minutes
            from mv_leaderboard_month m join dim_users d on d.user_key = m.user_key
            where m.org_id = org and m.month = of_month and (m.team_id = any (teams) or m.user_id = claim_user_id())
            order by m.place, m.user_id limit at_most;
    end if;
end
$$;
comment on function leaderboard(date, integer) is
    'The month''s board, best place first: of the organisation for admin and hr, of the teams below for managers, of the own team for '
    'trainees. Places are the organisation''s.';

create function overview_by_day(since date)
    returns table (day date, attempts bigint, scored bigint, average_score numeric, passed bigint, goals_hit bigint,
        compliance_failed bigint, minutes numeric)
    language plpgsql stable parallel safe security definer
    set search_path = pg_catalog, public
as $$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    as_role constant text := claim_role();
    teams uuid[];
begin
    if org is null or as_role not in ('admin', 'hr', 'manager') then
        return;
    end if;
    if as_role = 'manager' then
        teams := managed_team_ids();
    end if;
    return query select m.day, sum(m.attempts), sum(m.scored), round(sum(m.score_sum) / nullif(sum(m.scored), 0), 1), sum(m.passed),
            sum(m.goals_hit), sum(m.compliance_failed), sum(m.minutes)
        from mv_org_overview m
        where m.org_id = org and m.day >= since and (teams is null or m.team_id = any (teams))
        group by m.day order by m.day;
end
$$;
comment on function overview_by_day(date) is
    'Official attempts day by day since that day, in the organisation''s time zone: all teams for admin and hr, those below for managers.';

create function insights_since(since date) returns setof scenario_insights
    language plpgsql stable parallel safe security definer
    set search_path = pg_catalog, public
as $$
declare
    org constant uuid := claim_org_id();
begin
    if org is null or claim_role() not in ('admin', 'hr', 'manager') then
        return;
    end if;
    return query select m.* from mv_scenario_insights m
        where m.org_id = org and m.month >= since order by m.month, m.scenario_key;
end
$$;
comment on function insights_since(date) is 'scenario_insights from that month on, for managers, admin and hr.';

create function progress_of(who uuid) returns table (day date, average_score numeric, attempts bigint)
    language plpgsql stable parallel safe security definer
    set search_path = pg_catalog, public
as $$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    as_role constant text := claim_role();
begin
    if org is null or who is null then
        return;
    elsif who = claim_user_id() then
        return query select f.day, round(avg(f.score), 1), count(*) from fact_scenario_attempts f
            where f.org_id = org and f.user_id = who group by f.day order by f.day;
    elsif as_role in ('admin', 'hr') or as_role = 'manager' and who = any (managed_user_ids()) then
        return query select f.day, round(avg(f.score), 1), count(*) from fact_scenario_attempts f
            where f.org_id = org and f.user_id = who and f.mode = 'official' group by f.day order by f.day;
    end if;
end
$$;
comment on function progress_of(uuid) is
    'Scores of one person day by day: all of one''s own; official ones for the managers above, admin and hr.';

create function latest_official(at_most integer default 50)
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
comment on function latest_official(integer) is
    'The newest official attempts: of the organisation for admin and hr, of the people below for managers.';

revoke all on function leaderboard(date, integer), overview_by_day(date), insights_since(date), progress_of(uuid),
    latest_official(integer) from public;
grant execute on function leaderboard(date, integer), overview_by_day(date), insights_since(date), progress_of(uuid),
    latest_official(integer) to parley_authenticated;
