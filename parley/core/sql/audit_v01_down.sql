drop function audit();
revoke all on audit_log from parley_authenticated, parley_service;
drop policy audit_log_owner on audit_log; drop policy audit_log_service on audit_log; drop policy audit_log_read on audit_log;
alter table audit_log no force row level security; alter table audit_log disable row level security;
