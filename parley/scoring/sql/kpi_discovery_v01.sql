create function kpi_discovery(utterances kpi_utterance[], sentences kpi_sentence[], matches kpi_match[], rubric jsonb) returns jsonb
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  with tagged as (
    select exists (select from unnest(utterances) where speaker = 'buyer' and tags <> '{}') as any_tags
  ), answered as (
    -- With tags: the buyer answered the topic; the rep's last sentence before it is where it was asked.
    select t ->> 'id' as id, (select max(s.sn) from unnest(sentences) as s where s.speaker = 'rep' and s.n < min(u.n)) as sn
    from jsonb_path_query(rubric, '$.topics[*]') as t
    join unnest(utterances) as u on u.speaker = 'buyer' and 'topic:' || (t ->> 'id') = any (u.tags)
    group by t ->> 'id'
    union all
    select m.id, min(m.sn) from unnest(matches) as m, tagged where m.kind = 'topic' and not any_tags group by m.id
  ), topics as (
    select t.ord, t.t ->> 'id' as id, coalesce((t.t ->> 'discovery')::boolean, false) as discovery, s.sn, s.i
    from jsonb_path_query(rubric, '$.topics[*]') with ordinality as t(t, ord)
    left join answered as a on a.id = t.t ->> 'id'
    left join unnest(sentences) as s on s.sn = a.sn
  ), motive as (
    select case when any_tags
        then (select s.sn from unnest(utterances) as u join unnest(sentences) as s on s.n = u.n
          where u.speaker = 'buyer' and 'motive' = any (u.tags)
          order by u.n, not exists (select from unnest(matches) as m where m.kind = 'motive' and m.sn = s.sn), s.sn limit 1)
        else (select min(sn) from unnest(matches) where kind = 'motive') end as sn
    from tagged
  ), asked as (
    select s.sn, s.n, s.run from unnest(matches) as m join unnest(sentences) as s on s.sn = m.sn where m.kind = 'goal' and m.field = 'ask'
  ), agreed as (
    -- With tags the buyer says when the goal is reached; without, a yes in the turn after it was proposed.
    select case when any_tags
        then (select min(s.sn) from unnest(utterances) as u join unnest(sentences) as s on s.n = u.n
          where u.speaker = 'buyer' and 'goal:' || (rubric -> 'goal' ->> 'id') = any (u.tags))
        else (select min(s.sn) from unnest(sentences) as s
          where s.speaker = 'buyer' and exists (
              select from unnest(matches) as m where m.sn = s.sn and m.field = 'accept' and m.kind in ('goal', 'common'))
            and s.stems !~ ' (not|no|never) ' and s.run - 1 in (select run from asked))
      end as sn
    from tagged
  ), goal as (
    select agreed.sn, hit.i, hit.run,
      (select max(a.sn) from asked as a where a.sn < coalesce(agreed.sn, 2147483647)) as asked_sn,
      exists (select from unnest(sentences) as s
        where kpi_names_date(s.plain) and (
          s.run between coalesce(hit.run, -9) - 2 and coalesce(hit.run, -9) + 2
          or hit.run is null and s.speaker = 'rep' and s.n in (select n from asked))) as dated
    from agreed left join unnest(sentences) as hit on hit.sn = agreed.sn
  )
  select jsonb_build_object(
    'topics', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'covered_at', i) order by ord), '[]') from topics),
    'discovery_count', (select count(sn) from topics where discovery),
    'discovery_share', (select round(count(sn)::numeric / nullif(count(*), 0), 3) from topics where discovery),
    'motive_found', case when jsonb_typeof(rubric -> 'motive') = 'object' then (select sn is not null from motive) end,
    'goal', (select case when jsonb_typeof(rubric -> 'goal') = 'object' then jsonb_build_object('id', rubric -> 'goal' ->> 'id',
        'hit', goal.sn is not null, 'at', goal.i, 'asked', goal.asked_sn is not null, 'dated', dated) end from goal),
    'evidence', jsonb_build_object(
      'discovery', kpi_cites(sentences, array(select sn from topics where discovery and sn is not null order by sn)),
      'motive_found', kpi_cites(sentences, array(select sn from motive where sn is not null)),
      'goal', kpi_cites(sentences, array(select x from goal, unnest(array[goal.asked_sn, goal.sn]) as x where x is not null))))
$$;

comment on function kpi_discovery(kpi_utterance[], kpi_sentence[], kpi_match[], jsonb) is
  'Topics asked, motive found, goal reached: by the buyer''s tags, or by words where a transcript has none.';
