create or replace function score_rubric(rubric jsonb) returns jsonb
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  select rubric - array['phrases', 'forbidden', 'objections', 'topics', 'compliance', 'common', 'fillers', 'motive', 'goal']
    || coalesce((select jsonb_object_agg(part.key, (
        select coalesce(jsonb_agg((
          select coalesce(jsonb_object_agg(f.key, f.value), '{}') from jsonb_each(item) as f
          where f.key in ('id', 'tag', 'label', 'discovery', 'severity')) order by ord), '[]')
        from jsonb_array_elements(part.value) with ordinality as e(item, ord)))
      from jsonb_each(rubric) as part
      where part.key in ('phrases', 'objections', 'topics', 'compliance') and jsonb_typeof(part.value) = 'array'), '{}')
    || case when jsonb_typeof(rubric -> 'goal') = 'object'
      then jsonb_build_object('goal', (rubric -> 'goal') - array['ask', 'accept', 'others'] || case
        when jsonb_typeof(rubric -> 'goal' -> 'others') = 'array' then jsonb_build_object('others', (
          select coalesce(jsonb_agg(o - array['ask', 'accept'] order by ord), '[]')
          from jsonb_array_elements(rubric -> 'goal' -> 'others') with ordinality as e(o, ord)
          where jsonb_typeof(o) = 'object')) else '{}' end) else '{}' end
$$;

comment on function score_rubric(jsonb) is
  'What compute_score reads of a rubric, without the wordings that are listened for: the same score from a twentieth of the bytes.';
