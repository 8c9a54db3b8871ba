create or replace function kpi_discovery(utterances kpi_utterance[], sentences kpi_sentence[], matches kpi_match[], rubric jsonb) returns jsonb
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  with said as materialized (
    select sn, n, i, run, speaker, plain, stems, question from unnest(sentences)
  ), found as materialized (
    select kind, id, field, sn from unnest(matches) where kind in ('topic', 'motive', 'goal', 'common')
  ), tags as materialized (
    select u.n, t as tag from unnest(utterances) as u, unnest(u.tags) as t where u.speaker = 'buyer' and t <> 'unclear'
  ), tagged as materialized (
    select exists (select from tags) as any_tags
  ), wanted as materialized (
    select t.ord, t.t ->> 'id' as id, coalesce((t.t ->> 'discovery')::boolean, false) as discovery
    from jsonb_path_query(rubric, '$.topics[*]') with ordinality as t(t, ord)
  ), answered as (
    -- With tags: the buyer answered the topic; the rep's last sentence before it is where it was asked.
    select a.id, (select max(s.sn) from said as s where s.speaker = 'rep' and s.n < a.n) as sn
    from (select w.id, min(t.n) as n from wanted as w join tags as t on t.tag = 'topic:' || w.id group by w.id) as a
    union all
    -- Without: by the words, or where the scenario's buyer would have understood the rep to ask.
    select w.id, min(w.sn) from (
      select f.id, f.sn from found as f where f.kind = 'topic'
      union all
      select substr(t, 7), (select coalesce(max(s.sn) filter (where s.question is not null), max(s.sn)) from said as s where s.n = u.n)
      from unnest(utterances) as u, unnest(u.tags) as t where u.speaker = 'rep' and t like 'asked:%'
    ) as w, tagged where not any_tags group by w.id
  ), topics as materialized (
    select w.*, s.sn, s.i
    from wanted as w left join answered as a on a.id = w.id left join said as s on s.sn = a.sn
  ), motive as materialized (
    select case when any_tags
        then (select s.sn from tags as t join said as s on s.n = t.n
          where t.tag = 'motive'
          order by t.n, not exists (select from found as f where f.kind = 'motive' and f.sn = s.sn), s.sn limit 1)
        else (select min(sn) from found where kind = 'motive') end as sn
    from tagged
  ), outcomes as materialized (
    -- What the goal may be, the one that is hoped for first.
    select 0::bigint as ord, rubric -> 'goal' ->> 'id' as id
    union all
    select o.ord, o.o ->> 'id' from jsonb_path_query(rubric, '$.goal.others[*]') with ordinality as o(o, ord)
  ), asked as materialized (
    select s.sn, s.n, s.run, o.id, o.ord
    from found as f join said as s on s.sn = f.sn join outcomes as o on o.id = f.id
    where f.kind = 'goal' and f.field = 'ask'
  ), agreed as materialized (
    -- With tags the buyer says which outcome is reached and when; without, a yes in the turn after one was proposed.
    select case when any_tags
        then (select min(s.sn) from tags as t join said as s on s.n = t.n join outcomes as o on t.tag = 'goal:' || o.id)
        else (select min(s.sn) from found as f join said as s on s.sn = f.sn
          where f.field = 'accept' and f.kind in ('goal', 'common') and s.speaker = 'buyer'
            and s.stems !~ ' (not|no|never) ' and s.run - 1 in (select run from asked))
      end as sn, any_tags
    from tagged
  ), goal as materialized (
    select agreed.sn, hit.i, hit.run,
      (select max(a.sn) from asked as a where a.sn < coalesce(agreed.sn, 2147483647)) as asked_sn,
      coalesce(case when any_tags and hit.sn is not null
        then (select o.id from outcomes as o join tags as t on t.tag = 'goal:' || o.id where t.n = hit.n order by o.ord limit 1)
        else (select a.id from asked as a where a.sn < coalesce(agreed.sn, 2147483647) order by a.sn desc, a.ord limit 1)
      end, rubric -> 'goal' ->> 'id') as id,
      exists (select from said as s
        where case when s.run between coalesce(hit.run, -9) - 2 and coalesce(hit.run, -9) + 2
            or hit.run is null and s.speaker = 'rep' and s.n in (select n from asked)
          then kpi_names_date(s.plain) else false end) as dated
    from agreed left join said as hit on hit.sn = agreed.sn
  )
  select jsonb_build_object(
    'topics', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'covered_at', i) order by ord), '[]') from topics),
    'discovery_count', (select count(sn) from topics where discovery),
    'discovery_share', (select round(count(sn)::numeric / nullif(count(*), 0), 3) from topics where discovery),
    'motive_found', case when jsonb_typeof(rubric -> 'motive') = 'object' then (select sn is not null from motive) end,
    'goal', (select case when jsonb_typeof(rubric -> 'goal') = 'object' then jsonb_build_object('id', goal.id,
        'hit', goal.sn is not null, 'at', goal.i, 'asked', goal.asked_sn is not null, 'dated', dated) end from goal),
    'evidence', jsonb_build_object(
      'discovery', kpi_cites(sentences, array(select sn from topics where discovery and sn is not null order by sn)),
      'motive_found', kpi_cites(sentences, array(select sn from motive where sn is not null)),
      'goal', kpi_cites(sentences, array(select x from goal, unnest(array[goal.asked_sn, goal.sn]) as x where x is not null))))
$$;

comment on function kpi_discovery(kpi_utterance[], kpi_sentence[], kpi_match[], jsonb) is
  'Topics asked, motive found, which of the outcomes was reached: by the buyer''s tags, or by words where a transcript has none.';
