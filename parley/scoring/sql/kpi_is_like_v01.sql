create function kpi_is_like(stems text, phrases text[]) returns boolean
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  -- As many stems in a row as the phrase has, one fewer or one more, share more than half of their trigrams with it.
  select exists (
    select from (select regexp_split_to_array(trim(regexp_replace(stems, '[| ]+', ' ', 'g')), ' ') as words) as s,
      unnest(phrases) as p(phrase),
      lateral (select trim(replace(phrase, ' zzgap ', ' ')) as row) as l,
      lateral (select regexp_count(l.row, '\S+') as k) as c,
      lateral generate_series(greatest(k - 1, least(k, 2)), k + 1) as size,
      lateral generate_series(1, greatest(1, cardinality(words) - size + 1)) as at
    where similarity(l.row, array_to_string(words[at:at + size - 1], ' ')) >= 0.55)
$$;

comment on function kpi_is_like(text, text[]) is
  'Could one of these phrases have been said where this was heard? By trigrams; for words that recognition is unsure of.';
