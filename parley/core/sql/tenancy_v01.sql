-- Events: written by whoever acts in the organisation, read by its admins; append-only by grants.
alter table events enable row level security;
alter table events force row level security;
create policy events_owner on events to parley_owner using (true) with check (true);
create policy events_service on events to parley_service using (true) with check (true);
create policy events_read on events for select to parley_authenticated
    using (org_id = nullif(current_setting('jwt.claims.org_id', true), '')::uuid
           and (current_setting('jwt.claims.role', true) = 'admin'
                or actor_id = nullif(current_setting('jwt.claims.user_id', true), '')::uuid));
create policy events_record on events for insert to parley_authenticated
    with check (org_id = nullif(current_setting('jwt.claims.org_id', true), '')::uuid
                and actor_id = nullif(current_setting('jwt.claims.user_id', true), '')::uuid);
grant select, insert on events to parley_authenticated, parley_service;
grant usage, select on sequence events_id_seq to parley_authenticated, parley_service;
