create or replace function rescored(target uuid, measure_again boolean default false)
  returns table (attempt_id uuid, user_id uuid, mode text, started_at timestamptz, from_version integer, kept boolean,
    new_kpis jsonb, before jsonb, after jsonb, move jsonb)
  language plpgsql stable
  set search_path = pg_catalog, public, pg_temp
  set min_parallel_table_scan_size = 0
  set min_parallel_index_scan_size = 0
  set parallel_setup_cost = 0
  set parallel_tuple_cost = 0
  set plan_cache_mode = force_generic_plan
as $$
declare
  -- What only weighs and names, as against what the words are searched for.
  weighing constant text[] := array['version', 'title', 'pass_mark', 'criteria', 'gates'];
  new_rubric jsonb;
  slim jsonb;
  ids uuid[];
  numbers integer[];  -- the version of each of ids
  same integer[];
  drafts integer[];
  listens jsonb;
  compiled kpi_phrase[];
  wanted record;
begin
  select s.org_id, s.key, s.version, s.rubric into wanted from scenarios as s where s.id = target;
  new_rubric := wanted.rubric;
  listens := new_rubric - weighing;
  compiled := kpi_compiled(new_rubric);
  slim := score_rubric(new_rubric);
  -- A published rubric is not edited, so that one look says what every attempt of its version is held by; of a draft each has its own.
  select coalesce(array_agg(v.version) filter (where v.status <> 'draft' and v.rubric - weighing = listens), '{}'),
    coalesce(array_agg(v.version) filter (where v.status = 'draft'), '{}')
  into same, drafts
  from scenarios as v where v.org_id = wanted.org_id and v.key = wanted.key;
  select array_agg(v.id order by v.version), array_agg(v.version order by v.version) into ids, numbers
  from scenarios as v where v.org_id = wanted.org_id and v.key = wanted.key;
  return query
  with due as (
    select a.id, a.user_id, a.mode, coalesce(a.started_at, a.created_at) as started_at, a.rubric, coalesce(w.kpis, a.kpis) as kpis,
      a.score_breakdown, t.transcript, coalesce((a.versions ->> 'rubric_from')::integer, numbers[array_position(ids, a.scenario_id)]) as from_version
    from scenario_attempts as a
    left join attempt_words as w on w.attempt_id = a.id
    left join attempt_transcripts as t on t.attempt_id = a.id
    -- The attempts are what the cores share out; a join that began with the few versions would leave all of them to one.
    where a.org_id = wanted.org_id and a.scenario_id = any (ids) and a.status = 'scored'
      and (measure_again or coalesce((a.versions ->> 'rubric_from')::integer, numbers[array_position(ids, a.scenario_id)])
        <> wanted.version)
  ), decided as (
    select n.attempt_id, jsonb_object_agg(n.criterion, n.share) filter (where n.share is not null) as overrides
    from (select distinct on (o.attempt_id, o.criterion) o.attempt_id, o.criterion, o.share from criterion_overrides as o
      where o.org_id = wanted.org_id order by o.attempt_id, o.criterion, o.created_at desc, o.id) as n
    group by n.attempt_id
  ), sorted as (
    select d.*, case when measure_again then true when d.from_version = any (drafts) then d.rubric - weighing <> listens
      else d.from_version <> all (same) end as reads_words
    from due as d
    offset 0  -- computed once per row, although used more than once below
  ), measured as (
    -- Verdicts of a judge stay as long as their anchors do.
    select m.*, case when m.reads_words and m.transcript is null then null
        when m.reads_words then compute_kpis(m.transcript, new_rubric, compiled) else m.kpis - 'judged' end
      || case when jsonb_typeof(m.kpis -> 'judged') = 'array' then jsonb_build_object('judged', (
          select coalesce(jsonb_agg(k), '[]') from jsonb_array_elements(m.kpis -> 'judged') as k
          where exists (select from jsonb_path_query(new_rubric, '$.criteria[*] ? (@.kind == "judge")') as c
            where c ->> 'id' = k ->> 'id' and c -> 'anchors' = (select o -> 'anchors'
              from jsonb_path_query(m.rubric, '$.criteria[*]') as o where o ->> 'id' = c ->> 'id')))) else '{}' end as kpis_now
    from sorted as m
    offset 0
  ), scored as (
    select m.id, m.user_id, m.mode, m.started_at, m.from_version, m.kpis, m.kpis_now, m.score_breakdown,
      case when m.kpis_now is not null then compute_score(m.kpis_now, slim, coalesce(d.overrides, '{}')) end as breakdown
    from measured as m left join decided as d on d.attempt_id = m.id
    offset 0  -- not materialized: whatever is kept in between is made by one core alone
  )
  select s.id, s.user_id, s.mode::text, s.started_at, s.from_version, s.breakdown is null, nullif(s.kpis_now, s.kpis), s.score_breakdown,
    coalesce(s.breakdown, s.score_breakdown), case when s.breakdown is not null then score_move(s.score_breakdown, s.breakdown) end
  from scored as s;
end
$$;

comment on function rescored(uuid, boolean) is
  'Every scored attempt at a scenario as this version of its rubric would score it: before, after, and what explains the move. Words are '
  'read again only where the rubric listens for something else (or when asked); attempts whose words are forgotten are then kept. '
  'Changes nothing; rows are those that the caller may see.';
