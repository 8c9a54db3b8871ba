-- Facts show what attempts show: one's own, managers their teams' official ones, admin and hr the organisation's official ones.
alter table fact_scenario_attempts enable row level security;
alter table fact_scenario_attempts force row level security;
create policy fact_attempts_owner on fact_scenario_attempts to parley_owner using (true) with check (true);
create policy fact_attempts_service on fact_scenario_attempts to parley_service using (true) with check (true);
create policy fact_attempts_read_own on fact_scenario_attempts for select to parley_authenticated
    using (org_id = (select claim_org_id()) and user_id = (select claim_user_id()));
create policy fact_attempts_read_official on fact_scenario_attempts for select to parley_authenticated
    using (org_id = (select claim_org_id()) and mode = 'official'
           and ((select claim_role()) in ('admin', 'hr')
                or ((select claim_role()) = 'manager' and user_id = any ((select managed_user_ids())::uuid[]))));
grant select on fact_scenario_attempts to parley_authenticated;
grant select, insert, update, delete on fact_scenario_attempts to parley_service;

alter table fact_kpi_events enable row level security;
alter table fact_kpi_events force row level security;
create policy fact_kpi_events_owner on fact_kpi_events to parley_owner using (true) with check (true);
create policy fact_kpi_events_service on fact_kpi_events to parley_service using (true) with check (true);
create policy fact_kpi_events_read_own on fact_kpi_events for select to parley_authenticated
    using (org_id = (select claim_org_id()) and user_id = (select claim_user_id()));
create policy fact_kpi_events_read_official on fact_kpi_events for select to parley_authenticated
    using (org_id = (select claim_org_id()) and mode = 'official'
           and ((select claim_role()) in ('admin', 'hr')
                or ((select claim_role()) = 'manager' and user_id = any ((select managed_user_ids())::uuid[]))));
grant select on fact_kpi_events to parley_authenticated;
grant select, insert, update, delete on fact_kpi_events to parley_service;

-- Dimensions: what their sources show to everybody in the organisation.
alter table dim_orgs enable row level security;
alter table dim_orgs force row level security;
create policy dim_orgs_owner on dim_orgs to parley_owner using (true) with check (true);
create policy dim_orgs_service on dim_orgs to parley_service using (true) with check (true);
create policy dim_orgs_read on dim_orgs for select to parley_authenticated using (org_id = (select claim_org_id()));
alter table dim_users enable row level security;
alter table dim_users force row level security;
create policy dim_users_owner on dim_users to parley_owner using (true) with check (true);
create policy dim_users_service on dim_users to parley_service using (true) with check (true);
create policy dim_users_read on dim_users for select to parley_authenticated using (org_id = (select claim_org_id()));
alter table dim_scenarios enable row level security;
alter table dim_scenarios force row level security;
create policy dim_scenarios_owner on dim_scenarios to parley_owner using (true) with check (true);
create policy dim_scenarios_service on dim_scenarios to parley_service using (true) with check (true);
create policy dim_scenarios_read on dim_scenarios for select to parley_authenticated using (org_id = (select claim_org_id()));
alter table dim_tracks enable row level security;
alter table dim_tracks force row level security;
create policy dim_tracks_owner on dim_tracks to parley_owner using (true) with check (true);
create policy dim_tracks_service on dim_tracks to parley_service using (true) with check (true);
create policy dim_tracks_read on dim_tracks for select to parley_authenticated using (org_id = (select claim_org_id()));
grant select on dim_orgs, dim_users, dim_scenarios, dim_tracks, dim_time, reporting_refreshes to parley_authenticated, parley_service;
