-- Materialized views hold official attempts only: practice is the rep's alone. Nobody reads them but through the views below.
create materialized view mv_leaderboard_month as
    select f.org_id, f.month, f.team_id, f.user_id, f.user_key, count(*)::integer as attempts, count(f.score)::integer as scored,
        round(avg(f.score), 1) as average_score, max(f.score) as best_score,
        count(*) filter (where f.passed)::integer as passed, round(sum(f.duration_s)::numeric / 60, 1) as minutes,
        rank() over (partition by f.org_id, f.month order by avg(f.score) desc nulls last, count(*) desc)::integer as place
    from fact_scenario_attempts f
    where f.mode = 'official' and f.user_id is not null and not f.abstained
    group by f.org_id, f.month, f.team_id, f.user_id, f.user_key;
create unique index mv_leaderboard_month_key on mv_leaderboard_month (org_id, month, user_id, user_key, team_id) nulls not distinct;
comment on materialized view mv_leaderboard_month is
    'Per organisation, month, person and team: official attempts, average and best score (0 to 100), passes, minutes spoken, place.';

create materialized view mv_org_overview as
    select f.org_id, f.day, f.team_id, count(*)::integer as attempts, count(distinct f.user_id)::integer as people,
        count(f.score)::integer as scored, sum(f.score) as score_sum, count(*) filter (where f.passed)::integer as passed,
        count(*) filter (where f.goal_hit)::integer as goals_hit, sum(f.compliance_failed)::integer as compliance_failed,
        round(sum(f.duration_s)::numeric / 60, 1) as minutes
    from fact_scenario_attempts f
    where f.mode = 'official'
    group by f.org_id, f.day, f.team_id;
create unique index mv_org_overview_key on mv_org_overview (org_id, day, team_id) nulls not distinct;
comment on materialized view mv_org_overview is
    'Per organisation, day (its own time zone) and team: official attempts, people, sum and count of scores, passes, goals hit, '
    'failed compliance checks, minutes spoken.';

create materialized view mv_scenario_insights as
    select f.org_id, f.scenario_key, f.month, max(f.scenario_id::text)::uuid as scenario_id, count(*)::integer as attempts,
        count(distinct f.user_id)::integer as people, round(avg(f.score), 1) as average_score,
        percentile_cont(0.5) within group (order by f.score) as median_score, stddev_samp(f.score) as score_deviation,
        count(*) filter (where f.passed)::integer as passed, count(*) filter (where f.goal_hit)::integer as goals_hit,
        avg(f.talk_ratio) as talk_ratio, avg(f.words_per_minute) as words_per_minute,
        avg(f.fillers_per_minute) as fillers_per_minute, avg(f.open_question_count) as open_questions,
        sum(f.objections_raised)::integer as objections_raised, sum(f.objections_answered)::integer as objections_answered,
        sum(f.compliance_failed)::integer as compliance_failed
    from fact_scenario_attempts f
    where f.mode = 'official'
    group by f.org_id, f.scenario_key, f.month;
create unique index mv_scenario_insights_key on mv_scenario_insights (org_id, scenario_key, month);
comment on materialized view mv_scenario_insights is
    'Per organisation, scenario and month: official attempts, people, scores (average, median, deviation), passes, goals hit, '
    'average KPIs, objections raised and answered, failed compliance checks.';

revoke all on mv_leaderboard_month, mv_org_overview, mv_scenario_insights from public;

-- Trainees see their own team's board, managers what hangs below them, admin and hr the organisation's.
create view leaderboard_month with (security_barrier) as
    select m.*, d.name as user_name, d.team_name
    from mv_leaderboard_month m join dim_users d on d.user_key = m.user_key
    where m.org_id = (select claim_org_id())
      and ((select claim_role()) in ('admin', 'hr')
           or m.user_id = (select claim_user_id())
           or ((select claim_role()) = 'manager' and m.team_id = any ((select managed_team_ids())::uuid[]))
           or ((select claim_role()) = 'trainee' and m.team_id = (select my_team_id())));
comment on view leaderboard_month is 'mv_leaderboard_month as the acting member may see it, with names as they were.';
create view org_overview with (security_barrier) as
    select m.* from mv_org_overview m
    where m.org_id = (select claim_org_id())
      and ((select claim_role()) in ('admin', 'hr')
           or ((select claim_role()) = 'manager' and m.team_id = any ((select managed_team_ids())::uuid[])));
comment on view org_overview is 'mv_org_overview for admin and hr; a manager sees the teams below.';
create view scenario_insights with (security_barrier) as
    select m.* from mv_scenario_insights m
    where m.org_id = (select claim_org_id()) and (select claim_role()) in ('admin', 'hr', 'manager');
comment on view scenario_insights is 'mv_scenario_insights for managers, admin and hr.';
grant select on leaderboard_month, org_overview, scenario_insights to parley_authenticated;
