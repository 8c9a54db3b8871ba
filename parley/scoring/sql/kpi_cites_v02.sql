create or replace function kpi_cites(sentences kpi_sentence[], sns integer[]) returns jsonb
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  -- Sentence sn is element sn.
  select coalesce(jsonb_agg(kpi_cite(sentences[sn]) order by sn), '[]')
  from (select distinct sn from unnest(sns) as sn where sn between 1 and cardinality(sentences) order by sn limit 6) as first
$$;

comment on function kpi_cites(kpi_sentence[], integer[]) is 'The first six of these sentences as evidence.';
