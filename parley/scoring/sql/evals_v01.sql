-- Who writes scenarios may prove them; the exemplar call is for everybody who may practise. The installation makes both.

alter table scenario_evals add constraint scenario_evals_scenario_same_org
    foreign key (org_id, scenario_id) references scenarios (org_id, id) on delete cascade deferrable initially deferred;
alter table scenario_evals add constraint scenario_evals_by
    foreign key (org_id, by_id) references users (org_id, id) on delete set null (by_id);
alter table scenario_exemplars add constraint scenario_exemplars_scenario_same_org
    foreign key (org_id, scenario_id) references scenarios (org_id, id) on delete cascade deferrable initially deferred;

alter table scenario_evals enable row level security;
alter table scenario_evals force row level security;
create policy scenario_evals_owner on scenario_evals to parley_owner using (true) with check (true);
create policy scenario_evals_service on scenario_evals to parley_service using (true) with check (true);
create policy scenario_evals_read on scenario_evals for select to parley_authenticated
    using (org_id = (select claim_org_id()) and (select claim_role()) in ('admin', 'manager'));
create policy scenario_evals_ask on scenario_evals for insert to parley_authenticated
    with check (org_id = (select claim_org_id()) and (select claim_role()) in ('admin', 'manager')
                and by_id = (select claim_user_id()) and status = 'queued' and result is null);
grant select, insert on scenario_evals to parley_authenticated;
grant select, insert, update, delete on scenario_evals to parley_service;
comment on table scenario_evals is 'Runs of simulated reps over a version of a scenario, with what they showed.';

alter table scenario_exemplars enable row level security;
alter table scenario_exemplars force row level security;
create policy scenario_exemplars_owner on scenario_exemplars to parley_owner using (true) with check (true);
create policy scenario_exemplars_service on scenario_exemplars to parley_service using (true) with check (true);
create policy scenario_exemplars_read on scenario_exemplars for select to parley_authenticated
    using (org_id = (select claim_org_id()));
grant select on scenario_exemplars to parley_authenticated;
grant select, insert, update, delete on scenario_exemplars to parley_service;
comment on table scenario_exemplars is 'The exemplar call of a version of a scenario: transcript, score and where its sound lies.';
