alter policy attempts_read_official on scenario_attempts
    using (org_id = (select claim_org_id()) and mode = 'official'
           and ((select claim_role()) in ('admin', 'hr')
                or ((select claim_role()) = 'manager' and manages_user(user_id))));
alter table scenario_attempts drop constraint attempts_user_same_org;
alter table scenario_attempts drop constraint attempts_scenario_same_org;
drop trigger touch on scenario_attempts; drop trigger freeze_person on scenario_attempts; drop trigger guard on scenario_attempts;
drop function freeze_attempt_person(); drop function guard_attempt();
