-- What the tables promise beyond what models can say: references stay in the organisation, changes are dated and audited.
alter table users add constraint users_team_same_org
    foreign key (org_id, team_id) references teams (org_id, id) deferrable initially deferred not valid;
alter table teams add constraint teams_parent_same_org
    foreign key (org_id, parent_id) references teams (org_id, id) deferrable initially deferred not valid;
alter table teams add constraint teams_manager_same_org
    foreign key (org_id, manager_id) references users (org_id, id) deferrable initially deferred not valid;
alter table consents add constraint consents_user_same_org
    foreign key (org_id, user_id) references users (org_id, id) deferrable initially deferred;

create trigger touch before update on orgs for each row execute function touch_updated_at();
create trigger touch before update on users for each row execute function touch_updated_at();
create trigger touch before update on teams for each row execute function touch_updated_at();

create trigger audit after insert or update or delete on orgs for each row execute function audit();
create trigger audit after insert or update or delete on users for each row execute function audit();
create trigger audit after insert or update or delete on teams for each row execute function audit();
create trigger audit after insert or update or delete on consents for each row execute function audit();

create function number_consent_text() returns trigger
    language plpgsql
    set search_path = pg_catalog, public
as $$
begin
    new.consent_version := old.consent_version + 1;
    return new;
end
$$;
comment on function number_consent_text() is 'Trigger: another recording consent text is another version.';
create trigger consent_version before update on orgs for each row
    when (old.recording_consent_text is distinct from new.recording_consent_text) execute function number_consent_text();

-- Consents: everybody gives and withdraws their own; admin and hr see who stands where.
alter table consents enable row level security;
alter table consents force row level security;
create policy consents_owner on consents to parley_owner using (true) with check (true);
create policy consents_service on consents to parley_service using (true) with check (true);
create policy consents_read_own on consents for select to parley_authenticated
    using (org_id = (select claim_org_id()) and user_id = (select claim_user_id()));
create policy consents_read_all on consents for select to parley_authenticated
    using (org_id = (select claim_org_id()) and (select claim_role()) in ('admin', 'hr'));
create policy consents_give on consents for insert to parley_authenticated
    with check (org_id = (select claim_org_id()) and user_id = (select claim_user_id()));
create policy consents_withdraw on consents for update to parley_authenticated
    using (org_id = (select claim_org_id()) and user_id = (select claim_user_id()))
    with check (org_id = (select claim_org_id()) and user_id = (select claim_user_id()));
grant select, insert, update (withdrawn_at) on consents to parley_authenticated;
grant select, insert, update, delete on consents to parley_service;
