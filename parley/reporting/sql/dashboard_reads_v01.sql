-- What dashboards and their lists read. Each runs as the owner, past policies: so it names the claims and the rule of visibility itself.
create function teams_in_view(in_team uuid default null) returns uuid[]
    language plpgsql stable parallel safe security definer
    set search_path = pg_catalog, public
as $$
declare
    org constant uuid := claim_org_id();
    as_role constant text := claim_role();
    mine uuid[];
begin
    if org is null or as_role not in ('manager', 'admin', 'hr') then
        return '{}';
    end if;
    if as_role = 'manager' then
        mine := managed_team_ids();
        if in_team is null then
            return mine;
        end if;
    elsif in_team is null then
        return null;
    end if;
    return (
        with recursive below as (
            select t.id from teams t where t.org_id = org and t.id = in_team
            union
            select t.id from teams t join below b on t.parent_id = b.id where t.org_id = org
        )
        select coalesce(array_agg(id), '{}') from below where mine is null or id = any (mine));
end
$$;
comment on function teams_in_view(uuid) is
    'A team with what hangs below it, as far as the acting member answers for it; without one all of theirs. Null: the whole organisation.';

create function team_weeks(since date, until date, in_team uuid default null, keys text[] default null)
    returns table (week date, team_id uuid, attempts bigint, scored bigint, score_sum numeric, passed bigint, failed bigint,
        goals_hit bigint, compliance_failed bigint)
    language plpgsql stable parallel safe security definer
    set search_path = pg_catalog, public
as $$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    teams constant uuid[] := teams_in_view(in_team);
begin
    return query select m.week, m.team_id, sum(m.attempts), sum(m.scored), sum(m.score_sum), sum(m.passed), sum(m.failed),
            sum(m.goals_hit), sum(m.compliance_failed)
        from mv_team_weeks m
        where m.org_id = org and m.week >= since and m.week < until and (teams is null or m.team_id = any (teams))
          and (keys is null or m.scenario_key = any (keys))
        group by m.week, m.team_id order by m.week, m.team_id;
end
$$;
comment on function team_weeks(date, date, uuid, text[]) is
    'Official attempts week by week and team by team, from the week of the one day until before the other, for managers, admin and hr.';

create function scenario_totals(since date, until date, in_team uuid default null)
    returns table (scenario_key text, attempts bigint, scored bigint, score_sum numeric, passed bigint, failed bigint)
    language plpgsql stable parallel safe security definer
    set search_path = pg_catalog, public
as $$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    teams constant uuid[] := teams_in_view(in_team);
begin
    return query select m.scenario_key::text, sum(m.attempts), sum(m.scored), sum(m.score_sum), sum(m.passed), sum(m.failed)
        from mv_team_weeks m
        where m.org_id = org and m.week >= since and m.week < until and (teams is null or m.team_id = any (teams))
        group by m.scenario_key order by m.scenario_key;
end
$$;
comment on function scenario_totals(date, date, uuid) is 'Official attempts by scenario over whole weeks, for managers, admin and hr.';

create function roster(in_team uuid default null, in_state text default '', named text default '', in_order text default 'help',
        at_most integer default 25, from_row integer default 0, since timestamptz default now() - interval '28 days',
        of_user uuid default null)
    returns table (user_id uuid, name text, team_id uuid, team_name text, joined_at timestamptz, scored integer, last_official_at timestamptz,
        latest_scores numeric[], average_score numeric, is_falling boolean, broke_rule_at timestamptz, broke_rule_in uuid,
        broken_rule text, assigned bigint, done bigint, overdue bigint, first_due_at timestamptz, reasons integer, matching bigint,
        people bigint, in_need bigint, silent bigint)
    language plpgsql stable parallel safe security definer
    set search_path = pg_catalog, public
as $$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    teams constant uuid[] := teams_in_view(in_team);
begin
    return query
    with given as (
        select p.user_id, count(*) as assigned, count(p.done_at) as done,
            count(*) filter (where p.done_at is null and p.due_at < now()) as overdue,
            min(p.due_at) filter (where p.done_at is null) as first_due_at
        from mv_assignment_progress p where p.org_id = org and (of_user is null or p.user_id = of_user) group by p.user_id
    ), rep as (
        select u.id as user_id, coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email) as name, u.team_id,
            coalesce(t.name, '') as team_name, u.created_at as joined_at, coalesce(s.scored, 0) as scored, s.last_official_at,
            s.latest_scores, s.average_score, coalesce(s.is_falling and s.last_official_at >= since, false) as is_falling,
            case when s.broke_rule_at >= since then s.broke_rule_at end as broke_rule_at, s.broke_rule_in, s.broken_rule,
            coalesce(g.assigned, 0) as assigned, coalesce(g.done, 0) as done, coalesce(g.overdue, 0) as overdue, g.first_due_at
        from users u
        left join teams t on t.id = u.team_id
        left join mv_rep_standing s on s.org_id = org and s.user_id = u.id
        left join given g on g.user_id = u.id
        where u.org_id = org and u.is_active and u.role = 'trainee' and (teams is null or u.team_id = any (teams))
          and (of_user is null or u.id = of_user)
    ), judged as (
        select r.*, (r.overdue > 0)::integer + r.is_falling::integer + (r.broke_rule_at is not null)::integer as reasons from rep r
    ), total as (
        select count(*) as people, count(*) filter (where reasons > 0) as in_need,
            count(*) filter (where last_official_at is null or last_official_at < since) as silent from judged
    ), chosen as (
        select j.* from judged j
        where case in_state when 'help' then j.reasons > 0 when 'overdue' then j.overdue > 0 when 'falling' then j.is_falling
                when 'compliance' then j.broke_rule_at is not null
                when 'quiet' then j.last_official_at is null or j.last_official_at < since else true end
          and (named = '' or strpos(lower(j.name), lower(named)) > 0)
    )
    select c.user_id, c.name::text, c.team_id, c.team_name::text, c.joined_at, c.scored, c.last_official_at, c.latest_scores,
        c.average_score, c.is_falling, c.broke_rule_at, c.broke_rule_in, c.broken_rule::text, c.assigned, c.done, c.overdue,
        c.first_due_at, c.reasons, count(*) over (), t.people, t.in_need, t.silent
    from total t left join chosen c on true
    order by case when in_order = 'help' then c.reasons end desc nulls last,
        case when in_order = 'help' then c.overdue end desc nulls last,
        case when in_order = 'score' then c.average_score end desc nulls last,
        case when in_order = 'low' then c.average_score end nulls last,
        case when in_order = 'last' then c.last_official_at end desc nulls last, c.name, c.user_id
    limit at_most offset from_row;
end
$$;
comment on function roster(uuid, text, text, text, integer, integer, timestamptz, uuid) is
    'The reps a manager, admin or hr answers for, with why they need help: something overdue, the latest three official scores falling, '
    'a rule of severity fail broken since a moment. Each row carries how many match, how many people there are, how many need help '
    'and how many have made no official call since; when nobody matches there is one row without a person.';

create function assignment_rows(in_state text default '', in_team uuid default null, of_user uuid default null, of_track uuid default null,
        of_scenario text default '', at_most integer default 50, from_row integer default 0)
    returns table (assignment_id uuid, user_id uuid, user_name text, team_id uuid, team_name text, title text, scenario_key text,
        track_id uuid, due_at timestamptz, given_at timestamptz, steps integer, steps_done integer, attempts integer,
        best_score numeric, done_at timestamptz, next_key text, state text, matching bigint)
    language plpgsql stable parallel safe security definer
    set search_path = pg_catalog, public
as $$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    teams constant uuid[] := teams_in_view(in_team);
begin
    return query
    with row as (
        select p.*, u.team_id as now_on, coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email) as user_name,
            case when p.done_at is not null then 'done' when p.due_at < now() then 'overdue' else 'open' end as state
        from mv_assignment_progress p join users u on u.id = p.user_id
        where p.org_id = org and u.is_active and (teams is null or u.team_id = any (teams))
          and (of_user is null or p.user_id = of_user) and (of_track is null or p.track_id = of_track)
    )
    select r.assignment_id, r.user_id, r.user_name::text, r.now_on, coalesce(t.name, '')::text, coalesce(k.title, s.title)::text,
        s.key::text, r.track_id, r.due_at, r.given_at, r.steps, r.steps_done, r.attempts, r.best_score, r.done_at, r.next_key::text,
        r.state, count(*) over ()
    from row r left join teams t on t.id = r.now_on left join tracks k on k.id = r.track_id left join scenarios s on s.id = r.scenario_id
    where (in_state = '' or r.state = in_state) and (of_scenario = '' or s.key = of_scenario)
    order by r.state = 'overdue' desc, r.state = 'open' desc, case when r.state = 'done' then null else r.due_at end nulls last,
        r.done_at desc nulls last, r.user_name, r.assignment_id
    limit at_most offset from_row;
end
$$;
comment on function assignment_rows(text, uuid, uuid, uuid, text, integer, integer) is
    'Assignments person by person (state done, overdue or open), for managers, admin and hr; each row carries how many match.';

create function assignment_totals(in_team uuid default null, of_track uuid default null, of_scenario text default '')
    returns table (title text, track_id uuid, scenario_key text, team_id uuid, given bigint, done bigint, overdue bigint, begun bigint)
    language plpgsql stable parallel safe security definer
    set search_path = pg_catalog, public
as $$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    teams constant uuid[] := teams_in_view(in_team);
begin
    return query
    with sums as (
        select p.track_id, p.scenario_id, u.team_id, count(*) as given, count(p.done_at) as done,
            count(*) filter (where p.done_at is null and p.due_at < now()) as overdue,
            count(*) filter (where p.done_at is null and p.attempts > 0) as begun
        from mv_assignment_progress p join users u on u.id = p.user_id
        where p.org_id = org and u.is_active and (teams is null or u.team_id = any (teams))
          and (of_track is null or p.track_id = of_track)
        group by 1, 2, 3
    )
    select coalesce(k.title, s.title)::text, x.track_id, s.key::text, x.team_id, x.given, x.done, x.overdue, x.begun
    from sums x left join tracks k on k.id = x.track_id left join scenarios s on s.id = x.scenario_id
    where of_scenario = '' or s.key = of_scenario
    order by 1, x.team_id;
end
$$;
comment on function assignment_totals(uuid, uuid, text) is
    'What was given, done, begun and is overdue, by track or scenario and the team that people are on now; for managers, admin and hr.';

create function my_assignments()
    returns table (assignment_id uuid, title text, scenario_key text, track_id uuid, due_at timestamptz, given_at timestamptz,
        steps integer, steps_done integer, attempts integer, best_score numeric, done_at timestamptz, next_key text, state text)
    language plpgsql stable parallel safe security definer
    set search_path = pg_catalog, public
as $$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
begin
    return query
    select p.assignment_id, coalesce(k.title, s.title)::text, s.key::text, p.track_id, p.due_at, p.given_at, p.steps, p.steps_done,
        p.attempts, p.best_score, p.done_at, p.next_key::text,
        case when p.done_at is not null then 'done' when p.due_at < now() then 'overdue' else 'open' end
    from assignment_progress_now p left join tracks k on k.id = p.track_id left join scenarios s on s.id = p.scenario_id
    where p.org_id = org and p.user_id = claim_user_id()
    order by p.done_at is not null, p.due_at nulls last, p.given_at, p.assignment_id;
end
$$;
comment on function my_assignments() is 'What the acting member was given and how far they are, as of now; soonest due first, done last.';

create function compliance_totals(since timestamptz, until timestamptz, in_team uuid default null)
    returns table (rule text, severity text, calls bigint, people bigint)
    language plpgsql stable parallel safe security definer
    set search_path = pg_catalog, public
as $$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    teams constant uuid[] := teams_in_view(in_team);
begin
    return query
    select e.name::text, min(e.outcome)::text, count(distinct e.attempt_id), count(distinct e.user_id)
    from fact_kpi_events e
    where e.org_id = org and e.kind = 'compliance' and e.mode = 'official' and e.started_at >= since and e.started_at < until
      and (teams is null or e.user_id in (select u.id from users u where u.org_id = org and u.team_id = any (teams)))
    group by e.name order by min(e.outcome) = 'fail' desc, 3 desc, 1;
end
$$;
comment on function compliance_totals(timestamptz, timestamptz, uuid) is
    'Broken rules in official calls of a period: severity, calls, people; for managers, admin and hr.';

create function usage_since(day date)
    returns table (calls bigint, minutes numeric, active_people bigint, counted_at timestamptz)
    language plpgsql stable parallel safe security definer
    set search_path = pg_catalog, public
as $$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    midnight timestamptz;
begin
    if org is null or claim_role() not in ('admin', 'hr') then
        return;
    end if;
    midnight := (select usage_since.day::timestamp at time zone o.timezone from orgs o where o.id = org);
    return query select coalesce(sum(m.calls), 0)::bigint, coalesce(sum(m.minutes), 0),
            (select count(*) from mv_rep_standing s join users u on u.id = s.user_id
             where s.org_id = org and s.last_call_at >= midnight and u.is_active),
            (select min(r.began_at) from reporting_refreshes r)
        from mv_usage_days m where m.org_id = org and m.day >= usage_since.day;
end
$$;
comment on function usage_since(date) is
    'Calls of every mode, minutes spoken and active people who called since that day of the organisation''s calendar, and when that was '
    'counted; for admin and hr.';

revoke all on function teams_in_view(uuid), team_weeks(date, date, uuid, text[]), scenario_totals(date, date, uuid),
    roster(uuid, text, text, text, integer, integer, timestamptz, uuid), assignment_rows(text, uuid, uuid, uuid, text, integer, integer),
    assignment_totals(uuid, uuid, text), my_assignments(), compliance_totals(timestamptz, timestamptz, uuid), usage_since(date) from public;
grant execute on function teams_in_view(uuid), team_weeks(date, date, uuid, text[]), scenario_totals(date, date, uuid),
    roster(uuid, text, text, text, integer, integer, timestamptz, uuid), assignment_rows(text, uuid, uuid, uuid, text, integer, integer),
    assignment_totals(uuid, uuid, text), my_assignments(), compliance_totals(timestamptz, timestamptz, uuid), usage_since(date)
    to parley_authenticated;
