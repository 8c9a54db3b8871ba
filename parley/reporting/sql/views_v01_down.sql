drop view leaderboard_month; drop view org_overview; drop view scenario_insights;
drop materialized view mv_leaderboard_month; drop materialized view mv_org_overview; drop materialized view mv_scenario_insights;
