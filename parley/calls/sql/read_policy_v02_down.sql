alter policy attempts_read on scenario_attempts
    using (org_id = (select claim_org_id())
           and (user_id = (select claim_user_id())
                or mode = 'official'
                   and ((select claim_role()) in ('admin', 'hr')
                        or (select claim_role()) = 'manager' and user_id = any ((select managed_user_ids())::uuid[]))));
