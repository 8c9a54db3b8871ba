alter policy scenarios_read on scenarios
    using (org_id = (select claim_org_id()));
