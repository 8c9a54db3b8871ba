create or replace function claim_org_id() returns uuid
    language sql stable parallel safe security definer
    set search_path = pg_catalog, public
    as $$
        select u.org_id from users u
        where u.id = claim_user_id() and u.org_id = nullif(current_setting('jwt.claims.org_id', true), '')::uuid
          and u.role = claim_role() and u.is_active
    $$;
comment on function claim_org_id() is
    'Organisation of the acting member, when the claims fit together: an active user of it with that role. Null otherwise, which '
    'matches no row.';
revoke all on function claim_org_id() from public;
grant execute on function claim_org_id() to parley_owner, parley_authenticated, parley_service;
