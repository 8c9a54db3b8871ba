create or replace function claim_user_id() returns uuid
    language sql stable parallel safe
    set search_path = pg_catalog, public
    as $$ select nullif(current_setting('jwt.claims.user_id', true), '')::uuid $$;

create or replace function claim_role() returns text
    language sql stable parallel safe
    set search_path = pg_catalog, public
    as $$ select coalesce(current_setting('jwt.claims.role', true), '') $$;

create or replace function claim_org_id() returns uuid
    language sql stable parallel safe security definer
    set search_path = pg_catalog, public
    as $$
        select u.org_id from users u
        where u.id = claim_user_id() and u.org_id = nullif(current_setting('jwt.claims.org_id', true), '')::uuid
          and u.role = claim_role() and u.is_active
    $$;
