create function kpi_stems(plain text) returns text
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  select ' ' || coalesce(string_agg(coalesce((ts_lexize('pg_catalog.english_stem', w))[1], w), ' ' order by ord), '') || ' '
  from string_to_table(plain, ' ') with ordinality as word(w, ord)
  where w <> ''
$$;

comment on function kpi_stems(text) is
  'The words stemmed by PostgreSQL''s English dictionary, stop words kept as they are, with a space before and after each.';
