create function kpi_matches(sentences kpi_sentence[], rubric jsonb) returns kpi_match[]
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  with listed as materialized (
    select row_number() over () as p, * from kpi_phrases_of(rubric)
  ), phrases as materialized (
    select listed.*, s.stems, s.content, cardinality(s.content) as size
    from listed
    join kpi_stemmed(array(select regexp_replace(replace(phrase, '…', '...'), '\s*\.\.\.\s*', ' zzgap ', 'g') from listed order by p)) as s
      on s.ord = listed.p
    where s.plain ~ '\w'
  ), by_words as materialized (
    -- A phrase with a single meaningful stem would match almost anything; it is matched word by word instead.
    select p, kind, id, field, idea, speaker, content, case
        when mode = 'gist' then greatest(2, ceil(0.6 * size))
        when size <= 3 then size
        else ceil(0.75 * size)
      end as needed
    from phrases
    where mode in ('words', 'gist') and size >= 2 and stems !~ ' zzgap '
  ), wanted as materialized (
    select p, speaker, unnest(content) as w from by_words
  ), patterns as materialized (
    -- First and last word are looked for before the regular expression is tried; most sentences hold neither.
    select kind, id, field, idea, speaker, mode, row_words, mode = 'loose order' or row_words ~ ' zzgap ' as gaps,
      split_part(row_words, ' ', 2) as first_word, split_part(row_words, ' ', -2) as last_word,
      ' ' || replace(replace(regexp_replace(trim(row_words), '([.*+?^$(){}\[\]\\])', '\\\1', 'g'), ' ', gap),
        gap || 'zzgap' || gap, ' (?:\S+ ){0,6}') || ' ' as pattern
    from (
      select *, regexp_replace(stems, ' \|(?= )', '', 'g') as row_words,
        case mode when 'loose order' then ' (?:\S+ ){0,2}' else ' ' end as gap
      from phrases where p not in (select p from by_words)
    ) as plain_phrases
  ), said as materialized (
    select s.sn, s.n, s.speaker, s.stems, s.content from unnest(sentences) as s
  ), nearby as materialized (
    -- The words of each sentence, and those that the next one of the same utterance adds.
    select sn, speaker, w, true as own, false as fresh from said, unnest(content) as w
    union all
    select a.sn, a.speaker, w, false, w <> all (a.content)
    from said as a join said as b on b.sn = a.sn + 1 and b.n = a.n, unnest(b.content) as w
  ), word_hits as (
    select b.kind, b.id, b.field, b.idea, h.sn
    from (
      select bw.p, nearby.sn, count(*) filter (where own) as own_words, count(*) filter (where not own) as next_words,
        count(*) filter (where own or fresh) as both_words
      from wanted as bw
      join nearby on nearby.w = bw.w and nearby.speaker = bw.speaker
      group by bw.p, nearby.sn
    ) as h
    join by_words as b on b.p = h.p
    where h.own_words >= b.needed
      or (b.field in ('answer', 'heard', 'accept') and h.own_words >= 1 and h.next_words < b.needed and h.both_words >= b.needed)
  ), pattern_hits as (
    select p.kind, p.id, p.field, p.idea, s.sn
    from patterns as p join said as s on s.speaker = p.speaker
    where case
        when not p.gaps then strpos(s.stems, p.row_words) > 0
        when strpos(s.stems, ' ' || p.first_word || ' ') = 0 or strpos(s.stems, ' ' || p.last_word || ' ') = 0 then false
        else s.stems ~ p.pattern
      end
      and case when p.kind = 'forbidden' and p.field = 'say'
        then kpi_is_said(s.stems, p.pattern, p.mode <> 'exact, no question') else true end
  )
  select coalesce(array_agg(row(kind, id, field, idea, sn)::kpi_match order by kind, id, field, idea, sn), '{}')
  from (
    select * from word_hits union select * from pattern_hits
  ) as hits
$$;

comment on function kpi_matches(kpi_sentence[], jsonb) is
  'Every place where a phrase of the rubric was said, by the speaker it is meant for. An idea may spread over two sentences.';
