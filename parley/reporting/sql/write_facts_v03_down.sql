drop function write_facts(uuid[], timestamptz);
create function write_facts(attempt_ids uuid[] default null) returns integer
    language plpgsql volatile security definer
    set search_path = pg_catalog, public, pg_temp
as $$
declare
    written integer;
begin
    -- One writer at a time; a second one finds nothing left to write.
    perform pg_advisory_xact_lock(hashtextextended('parley.write_facts', 0));
    perform write_dimensions();

    -- Made by a statement of its own, so that PostgreSQL may read the attempts on all cores.
    create temporary table facts_due on commit drop as
    select a.id as attempt_id, a.org_id, a.user_id, a.team_id, a.user_role, a.scenario_id, a.mode, a.kind,
        coalesce(a.started_at, a.created_at) as started_at, a.duration_s, a.score, a.scored_at,
        a.score_breakdown -> 'passed' = 'true' as passed, coalesce(a.score_breakdown -> 'abstained' = 'true', false) as abstained,
        coalesce(jsonb_typeof(a.score_breakdown -> 'capped_by') = 'string', false) as capped,
        a.kpis
    from scenario_attempts a
    left join fact_scenario_attempts f on f.attempt_id = a.id
    where a.status = 'scored' and f.scored_at is distinct from a.scored_at
      and (attempt_ids is null or a.id = any (attempt_ids));

    insert into fact_scenario_attempts as f (attempt_id, org_id, user_id, user_key, team_id, user_role, scenario_id, scenario_key, mode,
        kind, started_at, day, month, duration_s, score, passed, abstained, capped, goal_hit, talk_ratio, words_per_minute, filler_count,
        fillers_per_minute, interruptions, question_count, open_question_count, objections_raised, objections_answered,
        compliance_failed, scored_at, events_written)
    select d.attempt_id, d.org_id, d.user_id, who.user_key, d.team_id, d.user_role, d.scenario_id, s.key, d.mode,
        d.kind, d.started_at, local.day, date_trunc('month', local.day)::date, d.duration_s, d.score,
        case when d.abstained then null else d.passed end, d.abstained, d.capped,
        (d.kpis #>> '{goal,hit}')::boolean, (d.kpis ->> 'talk_ratio')::float8, (d.kpis ->> 'words_per_minute')::float8,
        (d.kpis ->> 'filler_count')::integer, (d.kpis ->> 'fillers_per_minute')::float8, (d.kpis ->> 'interruptions_by_rep')::integer,
        (d.kpis ->> 'question_count')::integer, (d.kpis ->> 'open_question_count')::integer,
        coalesce((d.kpis ->> 'objections_raised')::integer, 0), coalesce((d.kpis ->> 'objections_addressed')::integer, 0),
        coalesce(jsonb_array_length(jsonb_path_query_array(d.kpis, '$.compliance[*] ? (@.outcome == "fail")')), 0), d.scored_at, false
    from facts_due d
    join dim_orgs o on o.org_id = d.org_id
    join dim_scenarios s on s.scenario_id = d.scenario_id
    cross join lateral (select (d.started_at at time zone o.timezone)::date as day) as local
    left join lateral (
        -- Who the person was then; what lies before their first row counts to it.
        select u.user_key from dim_users u
        where u.org_id = d.org_id and u.user_id = d.user_id
        order by u.valid_from <= d.started_at desc,
            case when u.valid_from <= d.started_at then u.valid_from end desc, u.valid_from
        limit 1) as who on true
    on conflict (attempt_id) do update set
        duration_s = excluded.duration_s, score = excluded.score, passed = excluded.passed, abstained = excluded.abstained,
        capped = excluded.capped, goal_hit = excluded.goal_hit, talk_ratio = excluded.talk_ratio,
        words_per_minute = excluded.words_per_minute, filler_count = excluded.filler_count,
        fillers_per_minute = excluded.fillers_per_minute, interruptions = excluded.interruptions,
        question_count = excluded.question_count, open_question_count = excluded.open_question_count,
        objections_raised = excluded.objections_raised, objections_answered = excluded.objections_answered,
        compliance_failed = excluded.compliance_failed, scored_at = excluded.scored_at, events_written = false;
    get diagnostics written = row_count;

    drop table facts_due;
    return written;
end
$$;
comment on function write_facts(uuid[]) is
    'Write the facts of these scored attempts, or of all whose score is newer than their fact; returns how many rows changed. '
    'Doing it twice changes nothing. write_kpi_events follows with what was counted.';
revoke all on function write_facts(uuid[]) from public;
grant execute on function write_facts(uuid[]) to parley_service;
