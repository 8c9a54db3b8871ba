create or replace function kpi_raised(utterances kpi_utterance[], sentences kpi_sentence[], matches kpi_match[], rubric jsonb)
  returns table (tag text, n integer, i integer, run integer)
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  with tagged as (
    select exists (select from unnest(utterances) where speaker = 'buyer' and array_remove(tags, 'unclear') <> '{}') as any_tags
  ), raised as (
    select o ->> 'tag' as tag, min(u.n) as n
    from jsonb_path_query(rubric, '$.objections[*]') as o
    join unnest(utterances) as u on u.speaker = 'buyer' and 'objection:' || (o ->> 'tag') = any (u.tags)
    group by o ->> 'tag'
    union all
    select m.id, min(s.n)
    from unnest(matches) as m join unnest(sentences) as s on s.sn = m.sn
    where m.kind = 'objection' and m.field = 'heard' and not (select any_tags from tagged)
    group by m.id
  )
  select r.tag, r.n, u.i, u.run from raised as r join unnest(utterances) as u on u.n = r.n order by r.n, r.tag
$$;

comment on function kpi_raised(kpi_utterance[], kpi_sentence[], kpi_match[], jsonb) is
  'The objections of the rubric that came up, each where it was first raised: by the buyer''s tags, or by words without tags.';
