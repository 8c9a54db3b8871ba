-- One policy instead of two alternatives: the organisation stands alone in front, so that indexes which begin with it serve.
create policy fact_attempts_read on fact_scenario_attempts for select to parley_authenticated
    using (org_id = (select claim_org_id())
           and (user_id = (select claim_user_id())
                or mode = 'official'
                   and ((select claim_role()) in ('admin', 'hr')
                        or (select claim_role()) = 'manager' and user_id = any ((select managed_user_ids())::uuid[]))));
drop policy fact_attempts_read_own on fact_scenario_attempts;
drop policy fact_attempts_read_official on fact_scenario_attempts;

create policy fact_kpi_events_read on fact_kpi_events for select to parley_authenticated
    using (org_id = (select claim_org_id())
           and (user_id = (select claim_user_id())
                or mode = 'official'
                   and ((select claim_role()) in ('admin', 'hr')
                        or (select claim_role()) = 'manager' and user_id = any ((select managed_user_ids())::uuid[]))));
drop policy fact_kpi_events_read_own on fact_kpi_events;
drop policy fact_kpi_events_read_official on fact_kpi_events;
