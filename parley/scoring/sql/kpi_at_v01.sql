create function kpi_at(sentences kpi_sentence[], sns integer[]) returns jsonb
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  select coalesce(jsonb_agg(i order by sn), '[]')
  from (select s.i, min(s.sn) as sn from unnest(sentences) as s where s.sn = any (sns) group by s.i) as x
$$;

comment on function kpi_at(kpi_sentence[], integer[]) is 'The utterance indexes of these sentences, each once, in order.';
