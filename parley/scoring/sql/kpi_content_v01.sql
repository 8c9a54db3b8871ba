create function kpi_content(stems text) returns text[]
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  select coalesce(array_agg(distinct w), '{}')
  from string_to_table(trim(stems), ' ') as w
  where w not in ('', '|', 'zzgap', 'let', 'us', 'would', 'could', 'like', 'get', 'got', 'go', 'want', 'know', 'also', 'okay', 'say') and ts_lexize('pg_catalog.english_stem', w) <> '{}'
$$;

comment on function kpi_content(text) is 'The distinct stems that carry meaning: those that are no stop words.';
