-- Rows that were there before are checked without keeping writers out.
alter table users validate constraint users_team_same_org;
alter table teams validate constraint teams_parent_same_org;
alter table teams validate constraint teams_manager_same_org;
