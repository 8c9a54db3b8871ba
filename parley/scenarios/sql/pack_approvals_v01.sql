-- Everybody in the organisation reads which rule packs are approved, as reviews say so; admins record and withdraw.
alter table pack_approvals add constraint pack_approvals_by
    foreign key (org_id, by_id) references users (org_id, id) on delete set null (by_id);
alter table pack_approvals add constraint pack_approvals_withdrawn_by
    foreign key (org_id, withdrawn_by_id) references users (org_id, id) on delete set null (withdrawn_by_id);

alter table pack_approvals enable row level security;
alter table pack_approvals force row level security;
create policy pack_approvals_owner on pack_approvals to parley_owner using (true) with check (true);
create policy pack_approvals_service on pack_approvals to parley_service using (true) with check (true);
create policy pack_approvals_read on pack_approvals for select to parley_authenticated using (org_id = (select claim_org_id()));
create policy pack_approvals_record on pack_approvals for insert to parley_authenticated
    with check (org_id = (select claim_org_id()) and (select claim_role()) = 'admin' and by_id = (select claim_user_id())
                and withdrawn_at is null);
create policy pack_approvals_withdraw on pack_approvals for update to parley_authenticated
    using (org_id = (select claim_org_id()) and (select claim_role()) = 'admin')
    with check (org_id = (select claim_org_id()) and (select claim_role()) = 'admin' and withdrawn_by_id = (select claim_user_id()));
grant select, insert, update (withdrawn_at, withdrawn_by_id) on pack_approvals to parley_authenticated;
grant select, insert, update, delete on pack_approvals to parley_service;
create trigger audit after insert or update or delete on pack_approvals for each row execute function audit();
