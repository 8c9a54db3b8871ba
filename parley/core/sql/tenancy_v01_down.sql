drop policy if exists events_owner on events; drop policy if exists events_service on events;
drop policy if exists events_read on events; drop policy if exists events_record on events;
alter table events no force row level security; alter table events disable row level security;
