create or replace function claim_org_id() returns uuid
    language sql stable parallel safe security invoker
    set search_path = pg_catalog, public
    as $$ select nullif(current_setting('jwt.claims.org_id', true), '')::uuid $$;
comment on function claim_org_id() is 'Organisation of the acting member; null when nobody acts.';
grant execute on function claim_org_id() to public;
