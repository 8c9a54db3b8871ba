-- Rollups behind dashboards. Official attempts only, but for usage, which counts calls and names nobody.
create materialized view mv_team_weeks as
    select f.org_id, f.day - ((extract(dow from f.day)::integer - o.week_start + 7) % 7) as week, f.team_id, f.scenario_key,
        count(*)::integer as attempts, count(f.score)::integer as scored, sum(f.score) as score_sum,
        count(*) filter (where f.passed)::integer as passed, count(*) filter (where not f.passed)::integer as failed,
        count(*) filter (where f.goal_hit)::integer as goals_hit, sum(f.compliance_failed)::integer as compliance_failed
    from fact_scenario_attempts f join dim_orgs o on o.org_id = f.org_id
    where f.mode = 'official'
    group by 1, 2, 3, 4;
create unique index mv_team_weeks_key on mv_team_weeks (org_id, week, team_id, scenario_key) nulls not distinct;
comment on materialized view mv_team_weeks is
    'Per organisation, week (its own time zone and first day), team and scenario: official attempts, sum and count of scores (0 to 100), '
    'passed and failed, goals hit, failed compliance checks.';

create materialized view mv_rep_standing as
    with numbered as (
        select f.org_id, f.user_id, f.attempt_id, f.started_at, f.score,
            row_number() over (partition by f.org_id, f.user_id order by f.started_at desc, f.attempt_id) as n
        from fact_scenario_attempts f
        where f.mode = 'official' and f.user_id is not null and f.score is not null and not f.abstained
    ), newest as (
        select org_id, user_id, count(*)::integer as scored, max(started_at) as last_official_at,
            array_agg(score order by n) filter (where n <= 12) as latest_scores,
            round(avg(score) filter (where n <= 10), 1) as average_score
        from numbered group by 1, 2
    ), broken as (
        select distinct on (e.org_id, e.user_id) e.org_id, e.user_id, e.attempt_id, e.name, e.started_at
        from fact_kpi_events e
        where e.kind = 'compliance' and e.outcome = 'fail' and e.mode = 'official' and e.user_id is not null
        order by e.org_id, e.user_id, e.started_at desc, e.attempt_id
    )
    select c.org_id, c.user_id, c.last_call_at, coalesce(n.scored, 0) as scored, n.last_official_at, n.latest_scores, n.average_score,
        coalesce(n.latest_scores[1] < n.latest_scores[2] and n.latest_scores[2] < n.latest_scores[3], false) as is_falling,
        b.started_at as broke_rule_at, b.attempt_id as broke_rule_in, b.name as broken_rule
    from (select org_id, user_id, max(started_at) as last_call_at from fact_scenario_attempts
          where user_id is not null group by 1, 2) as c
    left join newest n using (org_id, user_id)
    left join broken b using (org_id, user_id);
create unique index mv_rep_standing_key on mv_rep_standing (org_id, user_id);
comment on materialized view mv_rep_standing is
    'Per person: the latest twelve official scores (newest first), the average of the latest ten, whether the latest three fall, the '
    'latest official call that broke a rule of severity fail; last_call_at counts practice too and is never shown for a person.';

create materialized view mv_usage_days as
    select f.org_id, f.day, count(*)::integer as calls, count(distinct f.user_id)::integer as people,
        round(sum(f.duration_s)::numeric / 60, 1) as minutes
    from fact_scenario_attempts f group by 1, 2;
create unique index mv_usage_days_key on mv_usage_days (org_id, day);
comment on materialized view mv_usage_days is 'Per organisation and day: calls of every mode, people who called, minutes spoken.';

-- Who has done what of an assignment: its one scenario or each of its track, by an official attempt since it was given.
create view assignment_progress_now with (security_barrier) as
    with step as (
        select a.id as assignment_id, s.key as scenario_key, a.threshold as mark, 1 as position
        from assignments a join scenarios s on s.id = a.scenario_id where a.status = 'open'
        union all
        select a.id, s.key, coalesce(t.pass_mark, a.threshold), t.position
        from assignments a join track_scenarios t on t.track_id = a.track_id join scenarios s on s.id = t.scenario_id
        where a.status = 'open'
    ), given as (
        select a.id as assignment_id, u.id as user_id from assignments a join users u on u.id = a.user_id
        where a.status = 'open' and u.is_active
        union all
        select a.id, u.id from assignments a join users u on u.team_id = a.team_id and u.org_id = a.org_id
        where a.status = 'open' and u.is_active and u.role = 'trainee'
    ), taken as (
        select g.assignment_id, g.user_id, p.scenario_key, p.position, count(f.attempt_id) as attempts, max(f.score) as best_score,
            min(f.started_at) filter (where case when p.mark is null then f.passed else f.score >= p.mark end) as done_at
        from given g
        join assignments a on a.id = g.assignment_id
        join step p on p.assignment_id = g.assignment_id
        left join fact_scenario_attempts f on f.org_id = a.org_id and f.user_id = g.user_id and f.scenario_key = p.scenario_key
            and f.mode = 'official' and f.started_at >= a.created_at
        group by 1, 2, 3, 4
    )
    select a.org_id, a.id as assignment_id, t.user_id, a.scenario_id, a.track_id, a.team_id, a.due_at, a.created_at as given_at,
        count(*)::integer as steps, count(t.done_at)::integer as steps_done, sum(t.attempts)::integer as attempts,
        max(t.best_score) as best_score, case when count(*) = count(t.done_at) then max(t.done_at) end as done_at,
        (array_agg(t.scenario_key order by t.position) filter (where t.done_at is null))[1] as next_key
    from taken t join assignments a on a.id = t.assignment_id
    group by a.org_id, a.id, t.user_id, a.scenario_id, a.track_id, a.team_id, a.due_at, a.created_at;
comment on view assignment_progress_now is
    'Per open assignment and person: steps and how many are done, attempts, best score, when all was done, the scenario that is next. '
    'Nobody reads it but functions.';
create materialized view mv_assignment_progress as select * from assignment_progress_now;
create unique index mv_assignment_progress_key on mv_assignment_progress (org_id, user_id, assignment_id);
comment on materialized view mv_assignment_progress is 'assignment_progress_now as of the last refresh.';

revoke all on mv_team_weeks, mv_rep_standing, mv_usage_days, mv_assignment_progress, assignment_progress_now from public;
