create or replace function kpi_phrases(utterances kpi_utterance[], sentences kpi_sentence[], matches kpi_match[], rates integer[],
    compiled kpi_phrase[], rubric jsonb) returns jsonb
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  with said as materialized (
    select s.*, dense_rank() over (order by s.run) as turn,
      s.sn = any (rates) as rate
    from unnest(sentences) as s where s.speaker = 'rep'
  ), hits as materialized (
    select m.kind, m.id, m.field, s.sn, s.n, s.i, s.run, s.turn
    from unnest(matches) as m join said as s on s.sn = m.sn
    where m.kind in ('phrase', 'forbidden')
  ), unclear as materialized (
    -- What was not heard well, sentence by sentence.
    select s.run, s.turn, s.stems from said as s join unnest(utterances) as u on u.n = s.n
    where 'unclear' = any (u.tags)
  ), lost as materialized (
    -- Where three quarters of the words were not heard well anything may have been said.
    select kpi_is_lost(utterances, array(select s.n from said as s where s.turn <= 3)) as opening,
      kpi_is_lost(utterances, array(select s.n from said as s)) as call
  ), worded as materialized (
    select * from kpi_compliance(utterances, sentences, rates, compiled, coalesce(rubric -> 'compliance', '[]'), rubric -> 'lender')
  ), raised as materialized (
    select * from kpi_raised(utterances, sentences, matches, rubric)
  ), wanted as (
    select ord, p ->> 'id' as id, coalesce(p ->> 'within', 'call') as within_, p ->> 'when' as when_
    from jsonb_path_query(rubric, '$.phrases[*]') with ordinality as e(p, ord)
  ), occasions as (
    -- The turns in which a phrase with a condition is asked for, with the sentence that asks for it.
    select w.id, s.run, min(s.sn) as sn from wanted as w join said as s on w.when_ = 'rate_mentioned' and s.rate group by w.id, s.run
    union all
    select w.id, min(s.run), min(s.sn)
    from wanted as w join raised as r on w.when_ = 'objection:' || r.tag join said as s on s.n > r.n group by w.id
  ), judged as (
    select w.*,
      case
        when w.when_ is null then exists (
          select from hits as h where h.kind = 'phrase' and h.id = w.id and (w.within_ <> 'opening' or h.turn <= 3))
          or case when (select case w.within_ when 'opening' then opening else call end from lost) or exists (
              select from unclear as x where (w.within_ <> 'opening' or x.turn <= 3)
                and kpi_is_like(x.stems, array(select p.row_words from unnest(compiled) as p where p.kind = 'phrase' and p.id = w.id))) then null else false end
        when not exists (select from occasions as o where o.id = w.id) then null
        when w.within_ = 'same_answer' then not exists (
          select from occasions as o where o.id = w.id
            and not exists (select from hits as h where h.kind = 'phrase' and h.id = w.id and h.run = o.run)
            and not exists (select from unclear as x where x.run = o.run))
        else exists (select from hits as h where h.kind = 'phrase' and h.id = w.id)
          or case when (select call from lost) or exists (select from unclear as x
              where kpi_is_like(x.stems, array(select p.row_words from unnest(compiled) as p where p.kind = 'phrase' and p.id = w.id))) then null else false end
      end as found,
      array(select distinct h.sn from hits as h where h.kind = 'phrase' and h.id = w.id
        and (w.within_ <> 'opening' or h.turn <= 3) order by h.sn) as sns,
      array(select o.sn from occasions as o where o.id = w.id and w.within_ = 'same_answer'
        and not exists (select from hits as h where h.kind = 'phrase' and h.id = w.id and h.run = o.run)
        and not exists (select from unclear as x where x.run = o.run) order by o.sn) as missed
    from wanted as w
  ), banned as (
    select f.ord, f.f ->> 'id' as id, array(
        select h.sn from hits as h
        where h.kind = 'forbidden' and h.id = f.f ->> 'id' and h.field = 'say'
          and not exists (select from hits as x where x.sn = h.sn and x.kind = 'forbidden' and x.id = h.id and x.field = 'unless')
          and not exists (select from unnest(utterances) as u where u.n = h.n and 'unclear' = any (u.tags))
        order by h.sn) as sns
    from jsonb_path_query(rubric, '$.forbidden[*]') with ordinality as f(f, ord)
  ), checked as (
    select c.ord, c.c,
      case when c.c ->> 'kind' is not null then (select w.kept from worded as w where w.ord = c.ord)
        when c.c ->> 'phrase' is not null then (select found from judged where id = c.c ->> 'phrase')
        else not exists (select from banned as b where c.c -> 'forbidden' ? b.id and b.sns <> '{}') end as kept,
      case when c.c ->> 'kind' is not null then coalesce((select w.sns from worded as w where w.ord = c.ord), '{}')
        when c.c ->> 'phrase' is not null
        then (select case when found then sns else missed end from judged where id = c.c ->> 'phrase')
        else array(select distinct x.sn from banned as b, unnest(b.sns) as x(sn) where c.c -> 'forbidden' ? b.id order by x.sn)
      end as sns
    from jsonb_path_query(rubric, '$.compliance[*]') with ordinality as c(c, ord)
  )
  select jsonb_build_object(
    'phrases', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'found', found, 'at', case when sns = '{}' then '[]' else kpi_at(sentences, sns) end,
      'missed_at', case when missed = '{}' then '[]' else kpi_at(sentences, missed) end) order by ord), '[]') from judged),
    'forbidden', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'found', sns <> '{}', 'at', case when sns = '{}' then '[]' else kpi_at(sentences, sns) end)
      order by ord), '[]') from banned),
    'compliance', (select coalesce(jsonb_agg(jsonb_build_object('id', c ->> 'id',
      'outcome', case kept when true then 'pass' when false then 'fail' else 'not_applicable' end,
      'severity', case when not kept and cardinality(sns) >= 2 then coalesce(c ->> 'twice', c ->> 'severity') else c ->> 'severity' end,
      'at', case when sns = '{}' then '[]' else kpi_at(sentences, sns) end) order by ord), '[]') from checked),
    'evidence', (
      select coalesce(jsonb_object_agg(key, kpi_cites(sentences, sns)), '{}') from (
        select 'phrase:' || id as key, sns || missed as sns from judged
        union all select 'forbidden:' || id, sns from banned
        union all select 'compliance:' || (c ->> 'id'), sns from checked
      ) as e where sns <> '{}'))
$$;

comment on function kpi_phrases(kpi_utterance[], kpi_sentence[], kpi_match[], integer[], kpi_phrase[], jsonb) is
  'Required and forbidden phrases, and the compliance checks that they decide. A phrase whose condition did not arise is null.';
