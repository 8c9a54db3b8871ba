create or replace function refresh_reporting() returns boolean
    language plpgsql volatile security definer
    set search_path = pg_catalog, public
as $$
declare
    asked_at timestamptz := clock_timestamp();
    began timestamptz;
    view text;
begin
    -- One refresh at a time. Whoever waited for one that began after their call shares it, unless they carry changes that
    -- nobody else can see yet.
    perform pg_advisory_xact_lock(hashtextextended('parley.refresh_reporting', 0));
    if pg_current_xact_id_if_assigned() is null
       and (select count(*) from reporting_refreshes r where r.began_at > asked_at) = 7 then
        return false;
    end if;
    foreach view in array array['mv_leaderboard_month', 'mv_org_overview', 'mv_scenario_insights', 'mv_team_weeks', 'mv_rep_standing',
        'mv_usage_days', 'mv_assignment_progress'] loop
        began := clock_timestamp();
        execute format('refresh materialized view concurrently %I', view);
        insert into reporting_refreshes as r (view_name, began_at, took_ms)
        values (view, began, extract(epoch from clock_timestamp() - began) * 1000)
        on conflict on constraint reporting_refreshes_pkey do update set began_at = excluded.began_at, took_ms = excluded.took_ms;
    end loop;
    return true;
end
$$;
