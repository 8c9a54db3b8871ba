-- Dimensions follow their sources. People keep history: each change of role, team or name ends one row and begins the next.
create function keep_dim_users() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, public
as $$
declare
    as_of timestamptz := case tg_op when 'INSERT' then new.created_at else now() end;
begin
    -- A second change at the same moment overwrites the first: it was never true for any attempt.
    update dim_users d set valid_until = as_of where d.user_id = new.id and d.valid_until is null and d.valid_from < as_of;
    delete from dim_users d where d.user_id = new.id and d.valid_until is null;
    insert into dim_users (org_id, user_id, name, role, team_id, team_name, valid_from)
    values (new.org_id, new.id, coalesce(nullif(trim(new.first_name || ' ' || new.last_name), ''), new.email), new.role,
        new.team_id, coalesce((select t.name from teams t where t.id = new.team_id), ''), as_of);
    return null;
end
$$;
comment on function keep_dim_users() is 'Trigger: one row of dim_users per person and period with the same name, role and team.';
revoke all on function keep_dim_users() from public;
create trigger dim_users_add after insert on users for each row execute function keep_dim_users();
create trigger dim_users_change after update on users for each row
    when ((old.role, old.team_id, old.first_name, old.last_name, old.email)
        is distinct from (new.role, new.team_id, new.first_name, new.last_name, new.email))
    execute function keep_dim_users();

create function write_dimensions() returns void
    language sql volatile security definer
    set search_path = pg_catalog, public
as $$
    insert into dim_orgs as d (org_id, name, plan, timezone, week_start)
    select id, name, plan, timezone, week_start from orgs
    on conflict (org_id) do update set name = excluded.name, plan = excluded.plan, timezone = excluded.timezone, week_start = excluded.week_start
    where (d.name, d.plan, d.timezone, d.week_start) is distinct from (excluded.name, excluded.plan, excluded.timezone, excluded.week_start);

    insert into dim_scenarios as d (scenario_id, org_id, key, code, version, title, vertical, difficulty)
    select id, org_id, key, code, version, title, vertical, difficulty from scenarios where status <> 'draft'
    on conflict (scenario_id) do nothing;

    insert into dim_tracks as d (track_id, org_id, title, status, scenario_count)
    select t.id, t.org_id, t.title, t.status, count(s.id) from tracks t left join track_scenarios s on s.track_id = t.id
    group by t.id
    on conflict (track_id) do update set title = excluded.title, status = excluded.status, scenario_count = excluded.scenario_count
    where (d.title, d.status, d.scenario_count) is distinct from (excluded.title, excluded.status, excluded.scenario_count);

    insert into dim_users (org_id, user_id, name, role, team_id, team_name, valid_from)
    select u.org_id, u.id, coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email), u.role, u.team_id, coalesce(t.name, ''), u.created_at
    from users u left join teams t on t.id = u.team_id
    where not exists (select from dim_users d where d.user_id = u.id);
$$;
comment on function write_dimensions() is 'Bring dim_orgs, dim_users, dim_scenarios and dim_tracks up to date; doing it twice changes nothing.';
revoke all on function write_dimensions() from public;
grant execute on function write_dimensions() to parley_service;

insert into dim_time (day, year, quarter, month, iso_week, weekday, is_weekend)
select d::date, extract(year from d), extract(quarter from d), date_trunc('month', d)::date, extract(week from d),
    extract(isodow from d), extract(isodow from d) >= 6
from generate_series(timestamp '2020-01-01', timestamp '2049-12-31', interval '1 day') as d
on conflict do nothing;
