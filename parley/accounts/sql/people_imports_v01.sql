-- Lists of people are the admins' alone: they hold names of people who are not here yet.
alter table people_imports add constraint people_imports_by
    foreign key (org_id, by_id) references users (org_id, id) on delete set null (by_id);
alter table people_import_rows add constraint people_import_rows_same_org
    foreign key (org_id, import_id) references people_imports (org_id, id) on delete cascade;

alter table people_imports enable row level security;
alter table people_imports force row level security;
create policy people_imports_owner on people_imports to parley_owner using (true) with check (true);
create policy people_imports_service on people_imports to parley_service using (true) with check (true);
create policy people_imports_admin on people_imports to parley_authenticated
    using (org_id = (select claim_org_id()) and (select claim_role()) = 'admin')
    with check (org_id = (select claim_org_id()) and (select claim_role()) = 'admin');
grant select, insert, update, delete on people_imports to parley_authenticated, parley_service;
create trigger touch before update on people_imports for each row execute function touch_updated_at();
create trigger audit after insert or update or delete on people_imports for each row execute function audit();

alter table people_import_rows enable row level security;
alter table people_import_rows force row level security;
create policy people_import_rows_owner on people_import_rows to parley_owner using (true) with check (true);
create policy people_import_rows_service on people_import_rows to parley_service using (true) with check (true);
create policy people_import_rows_admin on people_import_rows to parley_authenticated
    using (org_id = (select claim_org_id()) and (select claim_role()) = 'admin')
    with check (org_id = (select claim_org_id()) and (select claim_role()) = 'admin');
grant select, insert, update, delete on people_import_rows to parley_authenticated, parley_service;
grant usage, select on sequence people_import_rows_id_seq to parley_authenticated, parley_service;
