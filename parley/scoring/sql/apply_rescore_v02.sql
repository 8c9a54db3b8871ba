create or replace function apply_rescore(rescore uuid) returns void
  language sql volatile
  set search_path = pg_catalog, public, pg_temp
as $$
  with run as materialized (
    select r.id, r.by_id, r.measure_again, s.id as scenario_id, s.rubric, s.version
    from rescores as r join scenarios as s on s.id = r.scenario_id where r.id = rescore and r.status = 'running'
  ), found as materialized (
    select f.* from run, lateral rescored(run.scenario_id, run.measure_again) as f
  ), written as (
    update scenario_attempts as a
    set kpis = coalesce(f.new_kpis, a.kpis), score = (f.after ->> 'total')::numeric, score_breakdown = f.after, rubric = run.rubric,
      versions = a.versions || jsonb_build_object('rubric', run.rubric -> 'version', 'rubric_from', run.version),
      scored_at = clock_timestamp(), updated_at = now(),
      score_history = a.score_history || jsonb_build_array(score_entry(a.score_breakdown, a.scored_at, a.versions,
        jsonb_build_object('cause', 'rescore', 'by', run.by_id, 'rescore', run.id, 'move', f.move)
        -- A published version says later what the earlier rubric was; of a draft it is kept here.
        || case when a.versions ? 'rubric_from' or exists (select from scenarios as s where s.id = a.scenario_id and s.status <> 'draft')
          then '{}' else jsonb_build_object('rubric', a.rubric) end))
    from found as f, run
    where a.id = f.attempt_id and not f.kept and a.status = 'scored'
      -- Measuring again what comes out the same leaves no trace.
      and (f.from_version <> run.version or f.new_kpis is not null or f.move is not null)
  )
  update rescores as r
  set status = 'done', finished_at = clock_timestamp(), attempts = n.attempts, moved = n.moved, newly_passed = n.newly_passed,
    newly_failed = n.newly_failed, kept = n.kept
  from run, (
    select count(*) filter (where not f.kept) as attempts, count(*) filter (where f.kept) as kept,
      count(*) filter (where f.before -> 'total' is distinct from f.after -> 'total') as moved,
      count(*) filter (where f.after -> 'passed' = 'true' and f.before -> 'passed' <> 'true') as newly_passed,
      count(*) filter (where f.before -> 'passed' = 'true' and f.after -> 'passed' <> 'true') as newly_failed
    from found as f
  ) as n
  where r.id = run.id
$$;

comment on function apply_rescore(uuid) is
  'Write what rescored() shows, in one statement: score, breakdown, KPIs where words were read again, the new rubric and versions; the '
  'earlier score goes to the history. Marks the running rescore as done with its counts. Twice changes nothing.';
