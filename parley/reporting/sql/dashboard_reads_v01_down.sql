drop function usage_since(date); drop function compliance_totals(timestamptz, timestamptz, uuid); drop function my_assignments();
drop function assignment_totals(uuid, uuid, text); drop function assignment_rows(text, uuid, uuid, uuid, text, integer, integer);
drop function roster(uuid, text, text, text, integer, integer, timestamptz, uuid); drop function scenario_totals(date, date, uuid);
drop function team_weeks(date, date, uuid, text[]); drop function teams_in_view(uuid);
