-- The same claims, cheaper: policies ask for them in every statement. Without a search_path of their own the first two are
-- inlined (they name pg_catalog), and PL/pgSQL keeps the plan of the third.
create or replace function claim_user_id() returns uuid
    language sql stable parallel safe
    as $$ select nullif(pg_catalog.current_setting('jwt.claims.user_id', true), '')::pg_catalog.uuid $$;

create or replace function claim_role() returns text
    language sql stable parallel safe
    as $$ select coalesce(pg_catalog.current_setting('jwt.claims.role', true), '') $$;

create or replace function claim_org_id() returns uuid
    language plpgsql stable parallel safe security definer
    set search_path = pg_catalog, public
    as $$
begin
    return (
        select u.org_id from users u
        where u.id = nullif(current_setting('jwt.claims.user_id', true), '')::uuid
          and u.org_id = nullif(current_setting('jwt.claims.org_id', true), '')::uuid
          and u.role = current_setting('jwt.claims.role', true) and u.is_active);
end
$$;
