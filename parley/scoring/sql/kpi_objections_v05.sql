create or replace function kpi_objections(utterances kpi_utterance[], sentences kpi_sentence[], matches kpi_match[], rubric jsonb,
    cuts integer[], typed boolean) returns jsonb
  language sql immutable parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
  with raised as materialized (
    select r.*, lead(r.n) over (order by r.n, r.tag) as next_n, o.ord, coalesce((o.o ->> 'answer_needed')::integer, 1) as needed,
      array(select jsonb_array_elements_text(coalesce(o.o -> 'topics', '[]'))) as topics
    from kpi_raised(utterances, sentences, matches, rubric) as r
    join jsonb_path_query(rubric, '$.objections[*]') with ordinality as o(o, ord) on o.o ->> 'tag' = r.tag
  ), said as materialized (
    -- What each is about, by its words and by what the buyer answers.
    select s.*, array(
        select m.id from unnest(matches) as m where m.kind = 'topic' and m.sn = s.sn
        union all
        select substr(tag, 7) from unnest(utterances) as u, unnest(u.tags) as tag
        where u.n = s.n + 1 and u.speaker = 'buyer' and tag like 'topic:%') as about
    from unnest(sentences) as s where s.speaker = 'rep'
  ), hits as materialized (
    select m.id, m.field, m.idea, s.sn, s.n, s.run, s.question
    from unnest(matches) as m join said as s on s.sn = m.sn
    where m.kind in ('objection', 'common')
  ), unclear as (
    -- Turns of the rep in which something was not heard well.
    select distinct u.run from unnest(utterances) as u where u.speaker = 'rep' and 'unclear' = any (u.tags)
  ), turns as (
    -- The rep's first turn after the objection, in which any question explores it, and the third, up to which one of the
    -- scenario's exploring questions does.
    select tag, (array_agg(run order by run))[1] as first_run, (array_agg(run order by run))[least(3, count(*))] as third_run
    from (select distinct r.tag, s.run from raised as r join said as s on s.run > r.run) as x
    group by tag
  ), answers as materialized (
    -- A question of the exploring kind is no answer, even where it shares its words.
    select r.tag, min(h.sn) as first_sn, count(distinct h.idea) as ideas, array_agg(distinct h.sn) as sns
    from raised as r join hits as h on h.id = r.tag and h.field = 'answer' and h.n > r.n
    where not (h.question is not null and exists (
      select from hits as e where e.sn = h.sn and e.id = r.tag and e.field = 'explore'))
    group by r.tag
  ), explored as materialized (
    select r.tag, min(s.sn) as sn
    from raised as r
    join turns as t on t.tag = r.tag
    join said as s on s.n > r.n and s.n < coalesce(r.next_n, 2147483647) and s.run <= t.third_run
    -- A question about a topic of the scenario explores only an objection that the topic belongs to.
    where (s.question is not null and s.run = t.first_run and (s.about = '{}' or s.about && r.topics)
        or exists (select from hits as e where e.sn = s.sn and e.id = r.tag and e.field = 'explore'))
      and not exists (select from hits as c where c.sn = s.sn and c.field = 'confirm' and c.id in (r.tag, ''))
    group by r.tag
  ), steps as materialized (
    select r.*, t.first_run, (select min(x.run) from unnest(utterances) as x where x.n = r.next_n) as next_run, a.first_sn as answer_sn, e.sn as explore_sn,
      (select min(h.sn) from hits as h where h.field = 'acknowledge' and h.id in (r.tag, '') and h.run = t.first_run) as acknowledge_sn,
      (select min(h.sn) from hits as h where h.field = 'confirm' and h.id in (r.tag, '') and h.n > r.n
        and h.n < coalesce(r.next_n, 2147483647) and h.sn >= coalesce(a.first_sn, 0)) as confirm_sn,
      case when not typed then not exists (
        select from unnest(utterances) as u
        where u.n = any (cuts) and u.run = t.first_run and u.n - r.n between 1 and 3) end as listened,
      coalesce(a.ideas >= r.needed, false) or exists (
        select from unnest(utterances) as u
        where u.speaker = 'buyer' and u.n > r.n and 'resolved:' || r.tag = any (u.tags)) as answered_,
      a.sns as answer_sns
    from raised as r
    left join turns as t on t.tag = r.tag
    left join answers as a on a.tag = r.tag
    left join explored as e on e.tag = r.tag
  ), judged as materialized (
    select *, first_run in (select run from unclear) as first_unclear,
      kpi_is_lost(utterances, array(select x.n from unnest(utterances) as x
        where x.run > steps.run and x.run < coalesce(steps.next_run, 2147483647))) as mostly_unclear,
      acknowledge_sn is not null as acknowledged_, confirm_sn is not null as confirmed_,
      coalesce(explore_sn < coalesce(answer_sn, 2147483647), false) or exists (
        select from unnest(utterances) as u
        where u.speaker = 'buyer' and u.n > steps.n and 'explored:' || steps.tag = any (u.tags)) as explored_
    from steps
  ), sure as materialized (
    select *, case when acknowledged_ or not coalesce(first_unclear, false) then acknowledged_ end as acknowledged,
      case when explored_ or not mostly_unclear then explored_ end as explored,
      case when answered_ or not mostly_unclear then answered_ end as answered,
      case when confirmed_ or not mostly_unclear then confirmed_ end as confirmed
    from judged
  ), scored as materialized (
    select *, coalesce((coalesce(20 * listened::integer, 0) + coalesce(20 * acknowledged::integer, 0) + coalesce(30 * explored::integer, 0)
        + coalesce(20 * answered::integer, 0) + coalesce(10 * confirmed::integer, 0))::numeric
      / nullif(20 * (listened is not null)::integer + 20 * (acknowledged is not null)::integer + 30 * (explored is not null)::integer
        + 20 * (answered is not null)::integer + 10 * (confirmed is not null)::integer, 0), 0) as share
    from sure
  ), worded as (
    -- Where in its utterance it was raised: the sentence that holds its words, else the first.
    select scored.*, coalesce(
      (select min(m.sn) from unnest(matches) as m join unnest(sentences) as f on f.sn = m.sn
        where m.kind = 'objection' and m.field = 'heard' and m.id = scored.tag and f.n = scored.n),
      (select min(f.sn) from unnest(sentences) as f where f.n = scored.n)) as raised_sn
    from scored
  )
  select jsonb_build_object(
    'objections', coalesce(jsonb_agg(jsonb_build_object('tag', tag, 'raised_at', i, 'listened', listened,
      'acknowledged', acknowledged, 'explored', explored, 'answered', answered, 'confirmed', confirmed,
      'share', round(share, 3)) order by n, tag), '[]'),
    'objections_raised', count(*),
    'objections_addressed', count(*) filter (where answered),
    'objection_share', round(avg(share), 3),
    'evidence', coalesce(jsonb_object_agg('objection:' || tag, (
      select coalesce(jsonb_agg(kpi_cite(s) order by s.sn), '[]') from unnest(sentences) as s
      where s.sn in (acknowledge_sn, case when explored then explore_sn end, answer_sn, confirm_sn)
        or s.sn = scored.raised_sn)), '{}'))
  from worded as scored
$$;

comment on function kpi_objections(kpi_utterance[], kpi_sentence[], kpi_match[], jsonb, integer[], boolean) is
  'How each objection was taken, in Carew''s LAER steps: listened (not interrupted), acknowledged in the next turn, explored by a '
  'question in the next turn (about no other topic, or one of the scenario''s questions within three turns) before any answer, '
  'answered with the ideas that the scenario names, confirmed. Share: 20, 20, 30, 20, 10 of 100.';
