alter policy fact_attempts_read on fact_scenario_attempts
    using (org_id = (select claim_org_id())
           and (user_id = (select claim_user_id())
                or mode = 'official'
                   and ((select claim_role()) in ('admin', 'hr')
                        or (select claim_role()) = 'manager' and user_id = any ((select managed_user_ids())::uuid[]))));
alter policy fact_kpi_events_read on fact_kpi_events
    using (org_id = (select claim_org_id())
           and (user_id = (select claim_user_id())
                or mode = 'official'
                   and ((select claim_role()) in ('admin', 'hr')
                        or (select claim_role()) = 'manager' and user_id = any ((select managed_user_ids())::uuid[]))));
