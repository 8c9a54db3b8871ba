create function kpi_cites(sentences kpi_sentence[], sns integer[]) returns jsonb
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  select coalesce(jsonb_agg(kpi_cite(s) order by (s).sn), '[]')
  from (select x::kpi_sentence as s from unnest(sentences) as x where x.sn = any (sns) order by x.sn limit 6) as first
$$;

comment on function kpi_cites(kpi_sentence[], integer[]) is 'The first six of these sentences as evidence.';
