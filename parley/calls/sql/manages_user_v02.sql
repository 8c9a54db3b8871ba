create or replace function manages_user(who uuid) returns boolean
    language sql stable parallel safe
    set search_path = pg_catalog, public
    as $$ select who = any (managed_user_ids()) $$;
comment on function manages_user(uuid) is 'Does the acting member manage this user''s team, or one above it?';
