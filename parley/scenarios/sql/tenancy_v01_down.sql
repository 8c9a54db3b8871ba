drop policy if exists scenarios_owner on scenarios; drop policy if exists scenarios_service on scenarios;
drop policy if exists scenarios_read on scenarios; drop policy if exists scenarios_write on scenarios;
alter table scenarios no force row level security; alter table scenarios disable row level security;
