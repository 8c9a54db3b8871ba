create function kpi_of_calls(transcripts jsonb[], rubric jsonb, compiled kpi_phrase[])
  returns table (ord integer, kpis jsonb)
  language plpgsql immutable parallel safe strict cost 10000000 rows 40
  set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
declare
  all_u kpi_utterance[];
  all_s kpi_sentence[];
  all_m kpi_match[];
  all_rates integer[];
  call_of integer[];      -- of each utterance of all_u
  n_before integer[];     -- utterances in the calls before each call, and the runs of those
  run_before integer[];
begin
  -- The calls one after the other as if they were one, with runs that do not touch: each sentence and each expression is then
  -- looked at once for all of them.
  with taken as materialized (
    select k::integer as k, kpi_utterances(t #> '{}') as us from unnest(transcripts) with ordinality as x(t, k)
  ), sized as (
    select k, us, coalesce((select max(x.run) from unnest(us) as x), 0) + 9 as runs from taken
  ), based as materialized (
    select k, us, (sum(cardinality(us)) over w)::integer - cardinality(us) as n_base, (sum(runs) over w)::integer - runs as run_base
    from sized window w as (order by k)
  ), joined as materialized (
    select b.k, row(x.n + b.n_base, x.i, x.speaker, x.start_s, x.end_s, x.planned_end_s, x.text, x.words, x.tags, x.sentiment, x.aside,
      x.run + b.run_base)::kpi_utterance as u, x.n
    from based as b, unnest(b.us) as x
  )
  select coalesce((select array_agg(j.u order by j.k, j.n) from joined as j), '{}'), (select array_agg(j.k order by j.k, j.n) from joined as j),
    (select array_agg(b.n_base order by b.k) from based as b), (select array_agg(b.run_base order by b.k) from based as b)
  into all_u, call_of, n_before, run_before;
  all_s := kpi_sentences(all_u);
  all_m := kpi_matches(all_s, compiled);
  all_rates := kpi_rates(all_s);

  return query
  with us as (
    select c.k, array_agg(row(x.n - n_before[c.k], x.i, x.speaker, x.start_s, x.end_s, x.planned_end_s, x.text, x.words, x.tags, x.sentiment,
      x.aside, x.run - run_before[c.k])::kpi_utterance order by x.n) as u
    from unnest(all_u) as x, lateral (select call_of[x.n] as k) as c group by c.k
  ), said as materialized (
    select call_of[x.n] as k, x.*, min(x.sn) over (partition by call_of[x.n]) - 1 as sn_before from unnest(all_s) as x
  ), ss as (
    select x.k, array_agg(row(x.sn - x.sn_before, x.n - n_before[x.k], x.i, x.run - run_before[x.k], x.speaker, x.quote, x.start_ms, x.end_ms,
      x.plain, x.stems, x.content, x.question, x.said, x.lexemes)::kpi_sentence order by x.sn) as s
    from said as x group by x.k
  ), ms as (
    select x.k, array_agg(row(f.kind, f.id, f.field, f.idea, f.sn - x.sn_before)::kpi_match order by f.kind, f.id, f.field, f.idea, f.sn) as m
    from unnest(all_m) as f join said as x on x.sn = f.sn group by x.k
  ), rs as (
    select x.k, array_agg(x.sn - x.sn_before order by x.sn) as r
    from unnest(all_rates) as f(sn) join said as x on x.sn = f.sn group by x.k
  )
  select c.k::integer, kpi_measured(coalesce(us.u, '{}'), coalesce(ss.s, '{}'), coalesce(ms.m, '{}'), coalesce(rs.r, '{}'),
    jsonb_path_exists(c.t, '$[*] ? (@.source == "typed")'), rubric, compiled)
  from unnest(transcripts) with ordinality as c(t, k)
  left join us on us.k = c.k left join ss on ss.k = c.k left join ms on ms.k = c.k left join rs on rs.k = c.k;
end
$$;

comment on function kpi_of_calls(jsonb[], jsonb, kpi_phrase[]) is
  'The KPIs of many calls by one rubric, as kpi_slim and kpi_compiled give it: what compute_kpis says of each, sooner. ord is the place of the call.';
