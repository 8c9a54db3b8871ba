create or replace function kpi_stemmed(texts text[])
  returns table (ord integer, plain text, stems text, content text[])
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  select l.ord::integer, l.line, ' ' || coalesce(w.stems, '') || ' ', coalesce(w.content, '{}')
  from string_to_table(kpi_plain(array_to_string(array(
      select replace(t, E'\n', ' ') from unnest(texts) with ordinality as x(t, k) order by k), E'\n')), E'\n')
      with ordinality as l(line, ord)
    -- One pass over everything above; line k is text k. Stop words have no stem of their own: they stay as they are and
    -- carry no meaning.
    cross join lateral (
      select string_agg(coalesce(lexemes[1], word), ' ' order by k) as stems,
        array_agg(distinct lexemes[1]) filter (where lexemes <> '{}' and word not in ('|', 'zzgap', 'let', 'us', 'would',
          'could', 'like', 'get', 'got', 'go', 'want', 'know', 'also', 'okay', 'say')) as content
      from (
        select word, k, ts_lexize('pg_catalog.english_stem', word) as lexemes
        from string_to_table(l.line, ' ') with ordinality as t(word, k) where word <> '' offset 0
      ) as stemmed
    ) as w
$$;

comment on function kpi_stemmed(text[]) is
  'Many texts at once: each in plain spelling, its words stemmed by PostgreSQL''s English dictionary (stop words kept, a space '
  'before and after each), and the distinct stems that carry meaning.';
