-- The five roles of Parley. Safe to run again.
--
-- The embedded server runs this by itself. On a PostgreSQL of your own, 15 or later, run it once as a role with CREATEROLE
-- (no superuser needed), then make the database and give the three login roles passwords of your choice:
--
--   psql "$ADMIN_URL" -f parley/core/sql/roles.sql
--   psql "$ADMIN_URL" -c 'create database parley owner parley_owner'
--   psql "$ADMIN_URL" -c '\password parley_owner'          (also parley_authenticator, parley_worker)
--
--   parley_owner          owns everything and migrates; never superuser
--   parley_authenticator  web and voice connect as it; it can become the two below
--   parley_worker         jobs connect as it; it can become the two below
--   parley_authenticated  acts for a signed-in member, bound by policies
--   parley_service        acts for the system in one organisation or across them, bound by policies

do $$
declare
    login text;
    door text;
    acts text;
    may_create_databases boolean := (select rolsuper or rolcreatedb from pg_roles where rolname = current_user);
    am_superuser boolean := (select rolsuper from pg_roles where rolname = current_user);
begin
    foreach acts in array array['parley_authenticated', 'parley_service'] loop
        if not exists (select from pg_roles where rolname = acts) then
            execute format('create role %I nologin', acts);
        end if;
    end loop;

    foreach login in array array['parley_owner', 'parley_authenticator', 'parley_worker'] loop
        if not exists (select from pg_roles where rolname = login) then
            execute format('create role %I login %s', login, case when login = 'parley_owner' then 'inherit' else 'noinherit' end);
        end if;
    end loop;

    if may_create_databases and not (select rolcreatedb from pg_roles where rolname = 'parley_owner') then
        alter role parley_owner createdb;
    end if;

    -- Becoming a role is one thing, having its rights without asking another: the doors get only the first.
    -- Before version 16 NOINHERIT on the member says the same.
    foreach door in array array['parley_authenticator', 'parley_worker'] loop
        foreach acts in array array['parley_authenticated', 'parley_service'] loop
            execute format('grant %I to %I', acts, door)
                || case when current_setting('server_version_num')::int >= 160000 then ' with set true, inherit false' else '' end;
        end loop;
    end loop;

    -- Whoever is not superuser must be a member of the owner to make a database for it.
    if not am_superuser and not pg_has_role(
        current_user, 'parley_owner', case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end
    ) then
        execute format('grant parley_owner to %I', current_user);
    end if;
end
$$;

comment on role parley_owner is 'Owns every object of Parley and migrates; bound by forced row-level security like all others.';
comment on role parley_authenticator is 'Web and voice connect as it: identity tables only, and SET ROLE to the acting roles.';
comment on role parley_worker is 'The job worker connects as it: fetch and finish jobs, and SET ROLE to the acting roles.';
comment on role parley_authenticated is 'A signed-in member; sees rows by the claims of the transaction.';
comment on role parley_service is 'The system itself; every use is named in code.';
