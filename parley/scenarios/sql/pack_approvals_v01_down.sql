drop trigger audit on pack_approvals;
revoke all on pack_approvals from parley_authenticated, parley_service;
drop policy pack_approvals_owner on pack_approvals; drop policy pack_approvals_service on pack_approvals;
drop policy pack_approvals_read on pack_approvals; drop policy pack_approvals_record on pack_approvals;
drop policy pack_approvals_withdraw on pack_approvals;
alter table pack_approvals no force row level security; alter table pack_approvals disable row level security;
alter table pack_approvals drop constraint pack_approvals_by; alter table pack_approvals drop constraint pack_approvals_withdrawn_by;
