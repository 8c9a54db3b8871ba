create function kpi_is_lost(utterances kpi_utterance[], ns integer[]) returns boolean
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  select coalesce(4 * sum(size) filter (where 'unclear' = any (tags)) >= 3 * sum(size), false)
  from (select u.tags, regexp_count(u.text, '\S+') as size from unnest(utterances) as u where u.speaker = 'rep' and u.n = any (ns)) as heard
$$;

comment on function kpi_is_lost(kpi_utterance[], integer[]) is
  'Was recognition unsure of three quarters of the rep''s words in these utterances (by n)? Then nothing counts as missing there.';
