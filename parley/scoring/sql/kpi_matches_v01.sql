create function kpi_matches(sentences kpi_sentence[], rubric jsonb) returns kpi_match[]
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  with listed as materialized (
    select row_number() over () as p, * from kpi_phrases_of(rubric)
  ), lines as (
    -- One pass over all phrases; line k holds phrase k.
    select line, ord from string_to_table((
      select kpi_plain(string_agg(regexp_replace(replace(phrase, '…', '...'), '\s*\.\.\.\s*', ' zzgap ', 'g'), E'\n' order by p))
      from listed
    ), E'\n') with ordinality as l(line, ord)
  ), phrases as materialized (
    select listed.*, kpi_stems(line) as stems, kpi_content(kpi_stems(line)) as content
    from listed join lines on lines.ord = listed.p
    where line ~ '\w'
  ), by_words as (
    -- A phrase with a single meaningful stem would match almost anything; it is matched word by word instead.
    select *, case
        when mode = 'gist' then greatest(2, ceil(0.6 * cardinality(content)))
        when cardinality(content) <= 3 then cardinality(content)
        else ceil(0.75 * cardinality(content))
      end as needed
    from phrases
    where mode in ('words', 'gist') and cardinality(content) >= 2 and stems !~ ' zzgap '
  ), patterns as materialized (
    select kind, id, field, idea, speaker, bool_and(mode <> 'exact, no question') as in_questions,
      ' (?:' || string_agg(kpi_pattern(stems, case mode when 'loose order' then 2 else 0 end), '|') || ') ' as pattern
    from phrases
    where p not in (select p from by_words)
    group by kind, id, field, idea, speaker
  ), said as materialized (
    select s.sn, s.n, s.speaker, s.stems, kpi_content(s.stems) as content from unnest(sentences) as s
  ), nearby as (
    select sn, n, speaker, w, true as own from said, unnest(content) as w
    union all
    select a.sn, a.n, a.speaker, w, false from said as a join said as b on b.sn = a.sn + 1 and b.n = a.n, unnest(b.content) as w
  ), word_hits as (
    select b.kind, b.id, b.field, b.idea, h.sn
    from (
      select bw.p, nearby.sn, count(distinct nearby.w) filter (where own) as own_words,
        count(distinct nearby.w) filter (where not own) as next_words, count(distinct nearby.w) as both_words
      from by_words as bw cross join lateral unnest(bw.content) as c(w)
      join nearby on nearby.w = c.w and nearby.speaker = bw.speaker
      group by bw.p, nearby.sn
    ) as h
    join by_words as b on b.p = h.p
    where h.own_words >= b.needed
      or (b.field in ('answer', 'heard', 'accept') and h.own_words >= 1 and h.next_words < b.needed and h.both_words >= b.needed)
  ), pattern_hits as (
    select p.kind, p.id, p.field, p.idea, s.sn
    from patterns as p join said as s on s.speaker = p.speaker
    where case when p.kind = 'forbidden' and p.field = 'say' then kpi_is_said(s.stems, p.pattern, p.in_questions) else s.stems ~ p.pattern end
  )
  select coalesce(array_agg(row(kind, id, field, idea, sn)::kpi_match order by kind, id, field, idea, sn), '{}')
  from (
    select * from word_hits union select * from pattern_hits
  ) as hits
$$;

comment on function kpi_matches(kpi_sentence[], jsonb) is
  'Every place where a phrase of the rubric was said, by the speaker it is meant for.';
