create or replace function kpi_sentences(utterances kpi_utterance[]) returns kpi_sentence[]
  language plpgsql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  -- All utterances at once: \x02 stands between two of them, \x01 is put between two sentences.
  t text := array_to_string(array(
    select replace(replace(u.text, E'\x01', E'\x03'), E'\x02', E'\x03') from unnest(utterances) as u order by u.n), E'\x02');
  result kpi_sentence[];
begin
  t := regexp_replace(t, '([.?!…]["''”)\]]*)(?=\s)', E'\\1\x01', 'g');
  -- A title ends no sentence, and neither does a stop before the first word.
  t := regexp_replace(t, E'(\\m(?:Mr|Mrs|Ms|Dr|St|No)[.?!…]["''”)\\]]*)\x01', '\1', 'g');
  t := regexp_replace(t, E'((?:^|[\x01\x02])\\s*[.?!…]["''”)\\]]*)\x01', '\1', 'g');

  with cut as (
    select said.n, p.k, length(p.piece) as size, case
        when ascii(p.piece) between 33 and 126 then 0
        when ascii(p.piece) = 32 and ascii(substr(p.piece, 2)) between 33 and 126 then 1
        else length(substring(p.piece from '^\s*'))
      end as blank
    from string_to_table(t, E'\x02') with ordinality as said(said, n),
      string_to_table(said.said, E'\x01') with ordinality as p(piece, k)
  ), placed as (
    select n, k, size - blank as size, (sum(size) over (partition by n order by k) - size + blank)::integer as before from cut
  ), pieces as materialized (
    select u.n, u.i, u.run, u.speaker, u.start_s, u.end_s, u.text, u.words, p.before,
      substr(u.text, p.before + 1, p.size) as quote, (row_number() over (order by p.n, p.k))::integer as sn
    from placed as p join unnest(utterances) as u on u.n = p.n
    where p.size > 0
  ), texts as materialized (
    -- What was said twice is read once.
    select quote, (row_number() over ())::integer as ord, asks from (
      select quote, bool_or(speaker = 'rep') as asks from pieces group by quote) as few
  ), plained as materialized (
    select t.quote, t.ord, t.asks, s.plain, s.stems, s.content
    from texts as t join kpi_stemmed(array(select x.quote from texts as x order by x.ord)) as s on s.ord = t.ord
  ), known as materialized (
    select p.quote, p.plain, p.stems, p.content, h.said,
      array_to_tsvector(string_to_array(nullif(trim(translate(h.said, ',', '')), ''), ' ')) as lexemes,
      case when p.asks then kpi_question_kind(p.quote, p.plain) end as question
    from plained as p join kpi_said(array(select x.plain from plained as x order by x.ord)) as h on h.ord = p.ord
  ), counted as (
    select *, case when words is not null then regexp_count(quote, '\S+') end as words_in from pieces
  ), timed as (
    select counted.*, known.plain, known.stems, known.content, known.said, known.lexemes, known.question,
      sum(words_in) over (partition by n order by sn)::integer - words_in as words_before,
      sum(words_in) over (partition by n) as words_all
    from counted join known using (quote)
  )
  select coalesce(array_agg(row(sn, n, i, run, speaker, rtrim(quote),
      round(1000 * case when exact then (words -> words_before ->> 'start')::numeric
        else start_s + (end_s - start_s) * before / length(text) end),
      round(1000 * case when exact then (words -> (words_before + words_in - 1) ->> 'end')::numeric
        else start_s + (end_s - start_s) * (before + length(quote)) / length(text) end),
      plain, stems, content, case when speaker = 'rep' then question end, said, lexemes)::kpi_sentence order by sn), '{}')
  into result
  from (
    select *, coalesce(jsonb_array_length(words) = words_all
      and jsonb_typeof(words -> words_before -> 'start') = 'number'
      and jsonb_typeof(words -> (words_before + words_in - 1) -> 'end') = 'number', false) as exact
    from timed
  ) as t;
  return result;
end
$$;

comment on function kpi_sentences(kpi_utterance[]) is
  'The sentences of a call, or of several whose utterances follow each other, in order and with exact quotes. Times come from word times where every word has one, else from the '
  'place of the sentence within its utterance.';
