-- Everybody in the organisation reads its tracks; admins and managers write them.
alter table tracks enable row level security;
alter table tracks force row level security;
create policy tracks_owner on tracks to parley_owner using (true) with check (true);
create policy tracks_service on tracks to parley_service using (true) with check (true);
create policy tracks_read on tracks for select to parley_authenticated using (org_id = (select claim_org_id()));
create policy tracks_write on tracks to parley_authenticated
    using (org_id = (select claim_org_id()) and (select claim_role()) in ('admin', 'manager'))
    with check (org_id = (select claim_org_id()) and (select claim_role()) in ('admin', 'manager'));
grant select, insert, update, delete on tracks to parley_authenticated, parley_service;

alter table track_scenarios enable row level security;
alter table track_scenarios force row level security;
create policy track_scenarios_owner on track_scenarios to parley_owner using (true) with check (true);
create policy track_scenarios_service on track_scenarios to parley_service using (true) with check (true);
create policy track_scenarios_read on track_scenarios for select to parley_authenticated using (org_id = (select claim_org_id()));
create policy track_scenarios_write on track_scenarios to parley_authenticated
    using (org_id = (select claim_org_id()) and (select claim_role()) in ('admin', 'manager'))
    with check (org_id = (select claim_org_id()) and (select claim_role()) in ('admin', 'manager'));
grant select, insert, update, delete on track_scenarios to parley_authenticated, parley_service;

-- Assignments: people read what is theirs or their team's; managers assign to what hangs below them; admin and hr see all.
create function my_team_id() returns uuid
    language sql stable parallel safe
    set search_path = pg_catalog, public
    as $$ select u.team_id from users u where u.id = (select claim_user_id()) and u.org_id = (select claim_org_id()) $$;
comment on function my_team_id() is 'The team that the acting member is on.';

alter table assignments enable row level security;
alter table assignments force row level security;
create policy assignments_owner on assignments to parley_owner using (true) with check (true);
create policy assignments_service on assignments to parley_service using (true) with check (true);
create policy assignments_read_own on assignments for select to parley_authenticated
    using (org_id = (select claim_org_id())
           and (user_id = (select claim_user_id()) or team_id = (select my_team_id())));
create policy assignments_read_all on assignments for select to parley_authenticated
    using (org_id = (select claim_org_id()) and (select claim_role()) in ('admin', 'hr'));
create policy assignments_manage_all on assignments to parley_authenticated
    using (org_id = (select claim_org_id()) and (select claim_role()) = 'admin')
    with check (org_id = (select claim_org_id()) and (select claim_role()) = 'admin');
create policy assignments_manage_teams on assignments to parley_authenticated
    using (org_id = (select claim_org_id()) and (select claim_role()) = 'manager'
           and (user_id = any ((select managed_user_ids())::uuid[]) or team_id = any ((select managed_team_ids())::uuid[])))
    with check (org_id = (select claim_org_id()) and (select claim_role()) = 'manager'
           and (user_id = any ((select managed_user_ids())::uuid[]) or team_id = any ((select managed_team_ids())::uuid[])));
grant select, insert, update, delete on assignments to parley_authenticated, parley_service;

-- References stay in the organisation, and a prerequisite in its track.
alter table track_scenarios add constraint track_scenarios_track_same_org
    foreign key (org_id, track_id) references tracks (org_id, id) deferrable initially deferred;
alter table track_scenarios add constraint track_scenarios_scenario_same_org
    foreign key (org_id, scenario_id) references scenarios (org_id, id) deferrable initially deferred;
alter table track_scenarios add constraint track_scenarios_prerequisite_same_track
    foreign key (track_id, prerequisite_id) references track_scenarios (track_id, id) deferrable initially deferred;
alter table assignments add constraint assignments_scenario_same_org
    foreign key (org_id, scenario_id) references scenarios (org_id, id) deferrable initially deferred;
alter table assignments add constraint assignments_track_same_org
    foreign key (org_id, track_id) references tracks (org_id, id) deferrable initially deferred;
alter table assignments add constraint assignments_user_same_org
    foreign key (org_id, user_id) references users (org_id, id) deferrable initially deferred;
alter table assignments add constraint assignments_team_same_org
    foreign key (org_id, team_id) references teams (org_id, id) deferrable initially deferred;
alter table assignments add constraint assignments_assigned_by_same_org
    foreign key (org_id, assigned_by_id) references users (org_id, id) deferrable initially deferred;

create trigger touch before update on tracks for each row execute function touch_updated_at();
create trigger touch before update on track_scenarios for each row execute function touch_updated_at();
create trigger touch before update on assignments for each row execute function touch_updated_at();
create trigger audit after insert or update or delete on tracks for each row execute function audit();
create trigger audit after insert or update or delete on track_scenarios for each row execute function audit();
create trigger audit after insert or update or delete on assignments for each row execute function audit();
