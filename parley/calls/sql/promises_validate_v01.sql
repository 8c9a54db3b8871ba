-- Rows that were there before are checked without keeping writers out.
alter table scenario_attempts validate constraint attempts_user_same_org;
alter table scenario_attempts validate constraint attempts_scenario_same_org;
