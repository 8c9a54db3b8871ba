-- Webhooks are the admins' alone; deliveries are written by enqueue_webhook and by the installation that sends them.
alter table webhooks enable row level security;
alter table webhooks force row level security;
create policy webhooks_owner on webhooks to parley_owner using (true) with check (true);
create policy webhooks_service on webhooks to parley_service using (true) with check (true);
create policy webhooks_manage on webhooks to parley_authenticated
    using (org_id = (select claim_org_id()) and (select claim_role()) = 'admin')
    with check (org_id = (select claim_org_id()) and (select claim_role()) = 'admin');
grant select, insert, update, delete on webhooks to parley_authenticated, parley_service;

alter table webhook_deliveries enable row level security;
alter table webhook_deliveries force row level security;
create policy webhook_deliveries_owner on webhook_deliveries to parley_owner using (true) with check (true);
create policy webhook_deliveries_service on webhook_deliveries to parley_service using (true) with check (true);
create policy webhook_deliveries_read on webhook_deliveries for select to parley_authenticated
    using (org_id = (select claim_org_id()) and (select claim_role()) = 'admin');
grant select on webhook_deliveries to parley_authenticated;
grant select, insert, update, delete on webhook_deliveries to parley_service;

alter table webhook_deliveries add constraint webhook_deliveries_webhook_same_org
    foreign key (org_id, webhook_id) references webhooks (org_id, id) deferrable initially deferred;

create trigger touch before update on webhooks for each row execute function touch_updated_at();
create trigger touch before update on webhook_deliveries for each row execute function touch_updated_at();
create trigger audit after insert or update or delete on webhooks for each row execute function audit();
