create or replace function kpi_matches(sentences kpi_sentence[], compiled kpi_phrase[]) returns kpi_match[]
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
  set enable_nestloop = off  -- how many sentences and phrases there are, the planner cannot know
as $$
  with said as materialized (
    -- What was said twice is looked through once: h is the first sentence that says it.
    select sn, n, speaker, stems, content, min(sn) over (partition by speaker, stems, content) as h from unnest(sentences)
  ), heard as materialized (
    select h, speaker, stems, content from said where sn = h
  ), phrases as materialized (
    select * from unnest(compiled)
  ), spoken as materialized (
    select h, speaker, w from heard, unnest(content) as w
  ), bound as materialized (
    select p, speaker, w from phrases, unnest(words) as w
  ), holding as materialized (
    -- Sentences that hold words of a phrase, and which.
    select p, h, array_agg(w) as held from spoken join bound using (speaker, w) group by p, h
  ), candidates as (
    select * from holding
    union all
    select phrases.p, heard.h, '{}' from phrases join heard using (speaker) where phrases.words = '{}'
  ), found as (
    select p.kind, p.id, p.field, p.idea, c.h
    from candidates as c join phrases as p using (p) join heard as s using (h)
    where case
        when p.needed is not null then cardinality(c.held) >= p.needed
        when strpos(s.stems, p.row_words) > 0 then true
        when p.outline is null or s.stems not like p.outline then false
        else s.stems ~ p.pattern
      end
      and (p.in_questions is null or kpi_is_said(s.stems, p.pattern, p.in_questions))
  ), hits as materialized (
    select f.kind, f.id, f.field, f.idea, s.sn from found as f join said as s using (h)
    union
    select p.kind, p.id, p.field, p.idea, here.sn
    from phrases as p
    join holding as a using (p)
    join said as here on here.h = a.h
    join said as there on there.sn = here.sn + 1 and there.n = here.n
    join holding as b on b.p = a.p and b.h = there.h
    where p.spreads and p.needed is not null and cardinality(b.held) < p.needed
      and (select count(distinct w) from unnest(a.held || b.held) as w) >= p.needed
  )
  select coalesce(array_agg(row(kind, id, field, idea, sn)::kpi_match order by kind, id, field, idea, sn), '{}') from hits
$$;

comment on function kpi_matches(kpi_sentence[], kpi_phrase[]) is
  'Every place where a phrase of the rubric was said, by the speaker it is meant for. An idea may spread over two sentences.';
