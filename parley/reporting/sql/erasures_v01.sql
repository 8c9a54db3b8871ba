-- A request to be erased is its person's; the admins of the organisation see and decide them.
alter table erasures add constraint erasures_by
    foreign key (org_id, by_id) references users (org_id, id) on delete set null (by_id);
alter table erasures enable row level security;
alter table erasures force row level security;
create policy erasures_owner on erasures to parley_owner using (true) with check (true);
create policy erasures_service on erasures to parley_service using (true) with check (true);
create policy erasures_read on erasures for select to parley_authenticated
    using (org_id = (select claim_org_id()) and (user_id = (select claim_user_id()) or (select claim_role()) = 'admin'));
create policy erasures_ask on erasures for insert to parley_authenticated
    with check (org_id = (select claim_org_id()) and (user_id = (select claim_user_id()) or (select claim_role()) = 'admin'));
create policy erasures_change on erasures for update to parley_authenticated
    using (org_id = (select claim_org_id()) and (user_id = (select claim_user_id()) or (select claim_role()) = 'admin'))
    with check (org_id = (select claim_org_id()) and (user_id = (select claim_user_id()) or (select claim_role()) = 'admin'));
grant select, insert, update on erasures to parley_authenticated;
grant select, insert, update, delete on erasures to parley_service;
create trigger audit after insert or update or delete on erasures for each row execute function audit();
