create function kpi_stemmed(texts text[])
  returns table (ord integer, plain text, stems text, content text[])
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  with lines as materialized (
    -- One pass over everything; line k is text k.
    select line, l.ord
    from string_to_table(kpi_plain(array_to_string(array(
      select regexp_replace(t, '\n', ' ', 'g') from unnest(texts) with ordinality as x(t, k) order by k), E'\n')), E'\n')
      with ordinality as l(line, ord)
  ), words as materialized (
    select lines.ord, w.k, w.word from lines, string_to_table(lines.line, ' ') with ordinality as w(word, k) where w.word <> ''
  ), known as materialized (
    -- Stop words have no stem of their own; they stay as they are and carry no meaning.
    select word, coalesce(lexemes[1], word) as stem, lexemes <> '{}' and word not in ('|', 'zzgap', 'let', 'us', 'would',
      'could', 'like', 'get', 'got', 'go', 'want', 'know', 'also', 'okay', 'say') as means
    from (select word, ts_lexize('pg_catalog.english_stem', word) as lexemes from words group by word) as w
  )
  select lines.ord::integer, lines.line,
    ' ' || coalesce(string_agg(known.stem, ' ' order by words.k), '') || ' ',
    coalesce(array_agg(distinct known.stem) filter (where known.means), '{}')
  from lines left join words on words.ord = lines.ord left join known on known.word = words.word
  group by lines.ord, lines.line
$$;

comment on function kpi_stemmed(text[]) is
  'Many texts at once: each in plain spelling, its words stemmed by PostgreSQL''s English dictionary (stop words kept, a space '
  'before and after each), and the distinct stems that carry meaning.';
