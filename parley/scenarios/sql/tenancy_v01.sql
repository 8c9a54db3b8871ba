-- Everybody in the organisation reads its scenarios; admins and managers write them.
alter table scenarios enable row level security;
alter table scenarios force row level security;
create policy scenarios_owner on scenarios to parley_owner using (true) with check (true);
create policy scenarios_service on scenarios to parley_service using (true) with check (true);
create policy scenarios_read on scenarios for select to parley_authenticated
    using (org_id = (select claim_org_id()));
create policy scenarios_write on scenarios to parley_authenticated
    using (org_id = (select claim_org_id()) and (select claim_role()) in ('admin', 'manager'))
    with check (org_id = (select claim_org_id()) and (select claim_role()) in ('admin', 'manager'));
grant select, insert, update, delete on scenarios to parley_authenticated, parley_service;
