drop policy if exists orgs_owner on orgs; drop policy if exists orgs_service on orgs; drop policy if exists orgs_read on orgs; drop policy if exists orgs_change on orgs;
drop policy if exists users_owner on users; drop policy if exists users_service on users; drop policy if exists users_read on users; drop policy if exists users_add on users;
drop policy if exists users_change_as_admin on users; drop policy if exists users_change_own on users;
drop policy if exists teams_owner on teams; drop policy if exists teams_service on teams; drop policy if exists teams_read on teams; drop policy if exists teams_write on teams;
alter table orgs no force row level security; alter table orgs disable row level security;
alter table users no force row level security; alter table users disable row level security;
alter table teams no force row level security; alter table teams disable row level security;
drop function memberships_of(uuid); drop function claim_role(); drop function claim_user_id(); drop function claim_org_id();
