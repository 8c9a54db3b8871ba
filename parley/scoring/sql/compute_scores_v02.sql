create or replace function compute_scores(attempt_ids uuid[]) returns table (attempt_id uuid, kpis jsonb, breakdown jsonb)
  language plpgsql stable strict
  set search_path = pg_catalog, public, pg_temp
  set min_parallel_table_scan_size = 0
  set parallel_setup_cost = 0
as $$
declare
  -- A rubric is frozen on each attempt, but few of them differ: each is compiled once for the batch.
  rubrics jsonb[] := array(
    select distinct a.rubric from scenario_attempts as a join attempt_transcripts as t on t.attempt_id = a.id
    where a.id = any (attempt_ids));
begin
  return query
  select a.id, m.kpis, compute_score(m.kpis, c.rubric, coalesce(overrides_of(a.id), '{}'))
  from scenario_attempts as a
  join attempt_transcripts as t on t.attempt_id = a.id
  join (select r.rubric, kpi_compiled(r.rubric) as compiled from unnest(rubrics) as r(rubric) offset 0) as c on c.rubric = a.rubric
  left join attempt_words as w on w.attempt_id = a.id
  cross join lateral (
    select compute_kpis(t.transcript, c.rubric, c.compiled) || case when coalesce(w.kpis, a.kpis) ? 'judged'
      then jsonb_build_object('judged', coalesce(w.kpis, a.kpis) -> 'judged') else '{}' end as kpis
    offset 0) as m
  where a.id = any (attempt_ids);
end
$$;

comment on function compute_scores(uuid[]) is
  'KPIs and score of many attempts by the rubrics frozen on them, in one statement that PostgreSQL runs on all its cores. Writes '
  'nothing. Attempts whose words are forgotten are left out.';
