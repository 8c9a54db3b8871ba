create or replace function kpi_at(sentences kpi_sentence[], sns integer[]) returns jsonb
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  -- Sentence sn is element sn.
  select coalesce(jsonb_agg(i order by sn), '[]')
  from (
    select sentences[sn].i as i, min(sn) as sn from unnest(sns) as sn where sn between 1 and cardinality(sentences) group by 1
  ) as x
$$;

comment on function kpi_at(kpi_sentence[], integer[]) is 'The utterance indexes of these sentences, each once, in order.';
