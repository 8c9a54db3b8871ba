create function kpi_sentences(utterances kpi_utterance[]) returns kpi_sentence[]
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  with pieces as materialized (
    select u.n, u.i, u.run, u.speaker, u.start_s, u.end_s, u.text, u.words, p.ord, p.m[2] as quote,
      (sum(length(p.m[1]) + length(p.m[2])) over (partition by u.n order by p.ord) - length(p.m[2]))::integer as before,
      row_number() over (order by u.n, p.ord)::integer as sn
    from unnest(utterances) as u
    cross join lateral regexp_matches(u.text, '(\s*?)(\S.*?(?:(?<!\m(?:Mr|Mrs|Ms|Dr|St|No))[.?!…]+["''”)\]]*(?=\s|$)|\s*$))', 'g')
      with ordinality as p(m, ord)
  ), timed as (
    select pieces.*, s.plain, s.stems, s.content,
      regexp_count(left(text, before), '\S+') as words_before, regexp_count(quote, '\S+') as words_in,
      regexp_count(text, '\S+') as words_all
    from pieces join kpi_stemmed(array(select quote from pieces order by sn)) as s on s.ord = pieces.sn
  )
  select coalesce(array_agg(row(sn, n, i, run, speaker, rtrim(quote),
      round(1000 * case when exact then (words -> words_before ->> 'start')::numeric
        else start_s + (end_s - start_s) * before / length(text) end),
      round(1000 * case when exact then (words -> (words_before + words_in - 1) ->> 'end')::numeric
        else start_s + (end_s - start_s) * (before + length(quote)) / length(text) end),
      plain, stems, content, kpi_question_kind(quote, plain))::kpi_sentence order by sn), '{}')
  from (
    select *, coalesce(jsonb_array_length(words) = words_all
      and jsonb_typeof(words -> words_before -> 'start') = 'number'
      and jsonb_typeof(words -> (words_before + words_in - 1) -> 'end') = 'number', false) as exact
    from timed
  ) as t
$$;

comment on function kpi_sentences(kpi_utterance[]) is
  'The sentences of a call in order, with exact quotes. Times come from word times where every word has one, else from the '
  'place of the sentence within its utterance.';
