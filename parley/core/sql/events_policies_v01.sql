alter policy events_read on events
    using (org_id = nullif(current_setting('jwt.claims.org_id', true), '')::uuid
           and (current_setting('jwt.claims.role', true) = 'admin'
                or actor_id = nullif(current_setting('jwt.claims.user_id', true), '')::uuid));
alter policy events_record on events
    with check (org_id = nullif(current_setting('jwt.claims.org_id', true), '')::uuid
                and actor_id = nullif(current_setting('jwt.claims.user_id', true), '')::uuid);
