create or replace function compute_scores(attempt_ids uuid[]) returns table (attempt_id uuid, kpis jsonb, breakdown jsonb)
  language plpgsql stable strict
  set search_path = pg_catalog, public, pg_temp
  set plan_cache_mode = force_generic_plan
  set min_parallel_table_scan_size = 0
  set parallel_setup_cost = 0
  set parallel_tuple_cost = 0
as $$
declare
  ids uuid[];
  places integer[];  -- of each attempt's rubric in compiled
  rubrics jsonb[];
  compiled kpi_rubric[];
begin
  -- A rubric is frozen on each attempt, but few of them differ: each is compiled once for the batch.
  with due as materialized (
    select a.id, a.rubric from scenario_attempts as a join attempt_transcripts as t on t.attempt_id = a.id
    where a.id = any (attempt_ids)
  ), few as materialized (
    select d.rubric, (row_number() over ())::integer as place from (select distinct due.rubric from due) as d
  )
  select array_agg(due.id), array_agg(few.place), (select array_agg(f.rubric order by f.place) from few as f)
  into ids, places, rubrics
  from due join few on few.rubric = due.rubric;
  compiled := array(select row(kpi_slim(r), kpi_compiled(r))::kpi_rubric from unnest(rubrics) with ordinality as x(r, place) order by place);

  return query
  select s.id, s.kpis, compute_score(s.kpis, compiled[s.place].rubric, coalesce(overrides_of(s.id), '{}'))
  from (
    select a.id, p.place, compute_kpis(t.transcript, compiled[p.place].rubric, compiled[p.place].phrases)
      || case when coalesce(w.kpis, a.kpis) ? 'judged'
        then jsonb_build_object('judged', coalesce(w.kpis, a.kpis) -> 'judged') else '{}' end as kpis
    from scenario_attempts as a
    join unnest(ids, places) as p(id, place) on p.id = a.id
    join attempt_transcripts as t on t.attempt_id = a.id
    left join attempt_words as w on w.attempt_id = a.id
    offset 0
  ) as s;
end
$$;

comment on function compute_scores(uuid[]) is
  'KPIs and score of many attempts by the rubrics frozen on them, in one statement that PostgreSQL runs on all its cores. Writes '
  'nothing. Attempts whose words are forgotten are left out.';
