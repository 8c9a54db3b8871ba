create function write_kpi_events(at_most integer default 1000) returns integer
    language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp
as $$
declare
    taken integer;
begin
    perform pg_advisory_xact_lock(hashtextextended('parley.write_kpi_events', 0));
    create temporary table events_of on commit drop as
    select f.attempt_id from fact_scenario_attempts f
    where not f.events_written
    order by f.scored_at desc limit at_most;
    get diagnostics taken = row_count;

    delete from fact_kpi_events e using events_of o where e.attempt_id = o.attempt_id;
    -- Made by a statement of its own, so that PostgreSQL may read transcripts on all cores.
    create temporary table events_due on commit drop as
    select f.attempt_id, f.org_id, f.user_id, f.scenario_id, f.mode, f.started_at, e.kind, e.name, e.n, e.utterance_i, e.at_ms, e.outcome
    from events_of o
    join fact_scenario_attempts f on f.attempt_id = o.attempt_id
    join scenario_attempts a on a.id = f.attempt_id
    join attempt_transcripts t on t.attempt_id = f.attempt_id
    cross join lateral kpi_events(t.transcript, a.rubric, a.kpis) as e
    where t.transcript <> '[]';
    insert into fact_kpi_events (attempt_id, org_id, user_id, scenario_id, mode, started_at, kind, name, n, utterance_i, at_ms, outcome)
    select * from events_due;
    update fact_scenario_attempts f set events_written = true from events_of o where f.attempt_id = o.attempt_id;
    drop table events_of, events_due;
    return taken;
end
$$;
comment on function write_kpi_events(integer) is
    'Write what was counted in at most this many attempts whose fact is newer than its events, newest first; returns how many '
    'attempts were done, 0 when none is left. Twice changes nothing. Events come from kept transcripts.';
revoke all on function write_kpi_events(integer) from public;
grant execute on function write_kpi_events(integer) to parley_service;
