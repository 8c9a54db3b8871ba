-- By the checked claims, and once per statement.
alter policy events_read on events using (org_id = (select claim_org_id())
    and ((select claim_role()) = 'admin' or actor_id = (select claim_user_id())));
alter policy events_record on events with check (org_id = (select claim_org_id()) and actor_id = (select claim_user_id()));
