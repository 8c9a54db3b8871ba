drop materialized view mv_assignment_progress; drop view assignment_progress_now; drop materialized view mv_usage_days;
drop materialized view mv_rep_standing; drop materialized view mv_team_weeks;
