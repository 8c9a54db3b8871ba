create or replace function kpi_slim(rubric jsonb) returns jsonb
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  select case when jsonb_typeof(rubric) = 'object' then rubric - 'common' || coalesce((
      select jsonb_object_agg(part.key, case jsonb_typeof(part.value)
        when 'array' then (
          select coalesce(jsonb_agg(case when jsonb_typeof(item) = 'object' then item - listened else item end order by ord), '[]')
          from jsonb_array_elements(part.value) with ordinality as e(item, ord))
        else part.value - listened || case when jsonb_typeof(part.value -> 'others') = 'array' then jsonb_build_object('others', (
          select coalesce(jsonb_agg(item - listened order by ord), '[]')
          from jsonb_array_elements(part.value -> 'others') with ordinality as e(item, ord)
          where jsonb_typeof(item) = 'object')) else '{}' end end)
      from (values ('phrases', array['say']), ('forbidden', array['say', 'unless']), ('compliance', array['match']),
          ('objections', array['heard', 'acknowledge', 'explore', 'confirm', 'answer']), ('topics', array['ask']),
          ('motive', array['heard']), ('goal', array['ask', 'accept'])) as l(key, listened)
      join jsonb_each(rubric) as part on part.key = l.key
      where jsonb_typeof(part.value) in ('array', 'object')), '{}')
    else rubric end
$$;

comment on function kpi_slim(jsonb) is
  'A rubric without the wordings that are listened for, which kpi_compiled holds: with both, compute_kpis and compute_score say the '
  'same from a tenth of the bytes.';
