-- A draft may hold words of a call that only its author may read.
alter policy scenarios_read on scenarios
    using (org_id = (select claim_org_id()) and (status <> 'draft' or (select claim_role()) in ('admin', 'manager')));
