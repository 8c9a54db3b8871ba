create or replace function compute_scores(attempt_ids uuid[]) returns table (attempt_id uuid, kpis jsonb, breakdown jsonb)
  language plpgsql stable strict
  set search_path = pg_catalog, public, pg_temp
  set plan_cache_mode = force_generic_plan
  set min_parallel_table_scan_size = 0
  set parallel_setup_cost = 0
  set parallel_tuple_cost = 0
as $$
declare
  at_once constant integer := 40;  -- calls that are taken apart together
  ids uuid[];
  places integer[];  -- of each attempt's rubric in compiled
  rubrics jsonb[];
  compiled kpi_rubric[];
  firsts integer[];  -- where in ids each lot of calls by one rubric begins, and where it ends
  lasts integer[];
begin
  -- A rubric is frozen on each attempt, but few of them differ: each is compiled once for the batch.
  with due as materialized (
    select a.id, a.rubric from scenario_attempts as a join attempt_transcripts as t on t.attempt_id = a.id
    where a.id = any (attempt_ids)
  ), few as materialized (
    select d.rubric, (row_number() over ())::integer as place from (select distinct due.rubric from due) as d
  )
  select array_agg(due.id order by few.place, due.id), array_agg(few.place order by few.place, due.id),
    (select array_agg(f.rubric order by f.place) from few as f)
  into ids, places, rubrics
  from due join few on few.rubric = due.rubric;
  compiled := array(select row(kpi_slim(r), kpi_compiled(r))::kpi_rubric from unnest(rubrics) with ordinality as x(r, place) order by place);
  select array_agg(l.first order by l.first), array_agg(l.last order by l.first) into firsts, lasts
  from (
    select min(n)::integer as first, max(n)::integer as last
    from (select n, place, (row_number() over (partition by place order by n) - 1) / at_once as lot from unnest(places) with ordinality as x(place, n)) as y
    group by place, lot
  ) as l;

  return query
  select s.id, s.kpis, compute_score(s.kpis, compiled[s.place].rubric, coalesce(overrides_of(s.id), '{}'))
  from (
    select a.id, lot.place, lot.kpis || case when coalesce(w.kpis, a.kpis) ? 'judged'
        then jsonb_build_object('judged', coalesce(w.kpis, a.kpis) -> 'judged') else '{}' end as kpis
    from (
      -- The first attempt of each lot stands for it, so that the cores share out the lots.
      select ids[l.first + c.ord - 1] as id, places[l.first] as place, c.kpis
      from scenario_attempts as lead
      join unnest(firsts, lasts) as l(first, last) on lead.id = ids[l.first]
      cross join lateral kpi_of_calls(
        array(select t.transcript from unnest(ids[l.first:l.last]) with ordinality as x(id, n) join attempt_transcripts as t on t.attempt_id = x.id
          order by x.n), compiled[places[l.first]].rubric, compiled[places[l.first]].phrases) as c
      offset 0
    ) as lot
    join scenario_attempts as a on a.id = lot.id
    left join attempt_words as w on w.attempt_id = lot.id
    offset 0
  ) as s;
end
$$;

comment on function compute_scores(uuid[]) is
  'KPIs and score of many attempts by the rubrics frozen on them, lot by lot of calls by one rubric, in one statement that PostgreSQL '
  'may run on all its cores. Writes nothing. Attempts whose words are forgotten are left out.';
