drop policy consents_owner on consents; drop policy consents_service on consents; drop policy consents_read_own on consents;
drop policy consents_read_all on consents; drop policy consents_give on consents; drop policy consents_withdraw on consents;
drop trigger consent_version on orgs; drop function number_consent_text();
drop trigger audit on orgs; drop trigger audit on users; drop trigger audit on teams; drop trigger audit on consents;
drop trigger touch on orgs; drop trigger touch on users; drop trigger touch on teams;
alter table users drop constraint users_team_same_org;
alter table teams drop constraint teams_parent_same_org; alter table teams drop constraint teams_manager_same_org;
alter table consents drop constraint consents_user_same_org;
