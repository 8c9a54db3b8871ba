drop function kpi_matches(kpi_sentence[], jsonb);

create function kpi_matches(sentences kpi_sentence[], compiled kpi_phrase[]) returns kpi_match[]
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  with said as materialized (
    select sn, n, speaker, stems, content from unnest(sentences)
  ), phrases as materialized (
    select * from unnest(compiled)
  ), holding as materialized (
    -- Sentences that hold words of a phrase, and which.
    select p, sn, array_agg(w) as held
    from (select sn, speaker, w from said, unnest(content) as w) as s
    join (select p, speaker, w from phrases, unnest(words) as w) as b using (speaker, w)
    group by p, sn
  ), candidates as (
    select * from holding
    union all
    select phrases.p, said.sn, '{}' from phrases join said using (speaker) where phrases.words = '{}'
  ), hits as (
    select p.kind, p.id, p.field, p.idea, c.sn
    from candidates as c join phrases as p using (p) join said as s using (sn)
    where case
        when p.needed is not null then cardinality(c.held) >= p.needed
        when strpos(s.stems, p.row_words) > 0 then true
        when p.outline is null or s.stems not like p.outline then false
        else s.stems ~ p.pattern
      end
      and (p.in_questions is null or kpi_is_said(s.stems, p.pattern, p.in_questions))
    union
    select p.kind, p.id, p.field, p.idea, a.sn
    from phrases as p
    join holding as a using (p)
    join holding as b on b.p = a.p and b.sn = a.sn + 1
    join said as here on here.sn = a.sn join said as there on there.sn = b.sn and there.n = here.n
    where p.spreads and p.needed is not null and cardinality(b.held) < p.needed
      and (select count(distinct w) from unnest(a.held || b.held) as w) >= p.needed
  )
  select coalesce(array_agg(row(kind, id, field, idea, sn)::kpi_match order by kind, id, field, idea, sn), '{}') from hits
$$;

comment on function kpi_matches(kpi_sentence[], kpi_phrase[]) is
  'Every place where a phrase of the rubric was said, by the speaker it is meant for. An idea may spread over two sentences.';
