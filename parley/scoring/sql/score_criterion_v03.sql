create or replace function score_criterion(kpis jsonb, rubric jsonb, criterion jsonb) returns jsonb
  language plpgsql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  kind text := criterion ->> 'kind';
  chosen jsonb := coalesce(criterion -> 'of', '[]');
  evidence jsonb := coalesce(kpis -> 'evidence', '{}');
  steps text[] := case when jsonb_array_length(coalesce(criterion -> 'steps', '[]')) > 0
    then array(select jsonb_array_elements_text(criterion -> 'steps'))
    else array['listened', 'acknowledged', 'explored', 'answered', 'confirmed'] end;
  result jsonb;
begin
  if kind = 'kpi' and jsonb_array_length(coalesce(criterion -> 'parts', '[]')) = 0 then
    return score_kpi(kpis, criterion) || jsonb_build_object('evidence', coalesce(evidence -> (criterion ->> 'measure'), '[]'));
  elsif kind = 'kpi' then
    select jsonb_build_object('share', round(avg((p ->> 'share')::numeric) filter (where jsonb_typeof(p -> 'share') = 'number'), 4),
        'value', null, 'unit', null, 'parts', jsonb_agg(p order by ord),
        'why', string_agg(p ->> 'why', '. ' order by ord) || '.',
        'evidence', coalesce((select jsonb_agg(e) from jsonb_array_elements(criterion -> 'parts') as q,
          lateral (select e from jsonb_array_elements(coalesce(evidence -> (q ->> 'measure'), '[]')) as e limit 3) as first), '[]'))
    into result
    from jsonb_array_elements(criterion -> 'parts') with ordinality as x(part, ord), lateral score_kpi(kpis, part) as p;
  elsif kind = 'phrase' then
    select jsonb_build_object('value', count(*) filter (where done), 'unit', 'phrases',
        'share', round(count(*) filter (where done)::numeric / nullif(count(done), 0), 4),
        'why', case when count(done) = 0 then 'Nothing called for it in this call' else
          format('%s of %s said', count(*) filter (where done), count(done))
          || coalesce('; missing: ' || string_agg(label, ', ' order by ord) filter (where not done), '') end,
        'evidence', coalesce((select jsonb_agg(e) from jsonb_path_query(kpis, '$.phrases[*]') as k,
          jsonb_array_elements(coalesce(evidence -> ('phrase:' || (k ->> 'id')), '[]')) as e
          where chosen = '[]' or chosen ? (k ->> 'id')), '[]'))
    into result
    from (
      select ord, p ->> 'label' as label,
        (select (k ->> 'found')::boolean from jsonb_path_query(kpis, '$.phrases[*]') as k
          where k ->> 'id' = p ->> 'id' and jsonb_typeof(k -> 'found') = 'boolean') as done
      from jsonb_path_query(rubric, '$.phrases[*]') with ordinality as x(p, ord)
      where chosen = '[]' or chosen ? (p ->> 'id')
    ) as wanted;
  elsif kind = 'objection' then
    -- All five steps count as compute_kpis weighs them; chosen steps count alike, those without enough to judge left out.
    select jsonb_build_object('value', share, 'unit', 'share', 'share', share,
        'why', case when lines is null then 'No objection came up' when share is null then 'Not enough to judge' else lines end,
        'evidence', coalesce((select jsonb_agg(e) from jsonb_path_query(kpis, '$.objections[*]') as k,
          jsonb_array_elements(coalesce(evidence -> ('objection:' || (k ->> 'tag')), '[]')) as e), '[]'))
    into result
    from (
      select round(case when cardinality(steps) = 5 then score_value(kpis, 'objection_share')
          else avg(done::numeric / nullif(done + missed, 0)) end, 4) as share,
        string_agg(format('%s: %s', label, coalesce(nullif(did, ''), 'nothing') || coalesce('; missing ' || missing, '')), '. '
          order by ord) || '.' as lines
      from (
        select k.ord, coalesce((select o ->> 'label' from jsonb_path_query(rubric, '$.objections[*]') as o
            where o ->> 'tag' = k.k ->> 'tag'), k.k ->> 'tag') as label,
          count(*) filter (where k.k -> step = 'true') as done, count(*) filter (where k.k -> step = 'false') as missed,
          string_agg(step, ', ' order by n) filter (where k.k -> step = 'true') as did,
          string_agg(step, ', ' order by n) filter (where k.k -> step = 'false') as missing
        from jsonb_path_query(kpis, '$.objections[*]') with ordinality as k(k, ord), unnest(steps) with ordinality as s(step, n)
        group by k.ord, k.k
      ) as taken
    ) as summed;
  elsif kind = 'topic' then
    select jsonb_build_object('value', count(*) filter (where asked), 'unit', 'topics',
        'share', case when jsonb_array_length(coalesce(criterion -> 'bands', '[]')) = 0
          then round(count(*) filter (where asked)::numeric / nullif(count(*), 0), 4)
          else score_share(round(count(*) filter (where asked)::numeric / nullif(count(*), 0), 3), criterion -> 'bands',
            coalesce(criterion ->> 'between', 'linear')) end,
        'why', format('%s of %s discovery topics asked', count(*) filter (where asked), count(*))
          || coalesce('; full marks from ' || ceil(count(*)
            * (jsonb_path_query_first(criterion -> 'bands', '$[*] ? (@.share == 1)') ->> 'from')::numeric), '')
          || coalesce('; not asked: ' || array_to_string((array_agg(label order by ord) filter (where not asked))[1:4], ', '), ''),
        'evidence', coalesce(evidence -> 'discovery', '[]'))
    into result
    from (
      select ord, t ->> 'label' as label, exists (select from jsonb_path_query(kpis, '$.topics[*]') as k
        where k ->> 'id' = t ->> 'id' and jsonb_typeof(k -> 'covered_at') = 'number') as asked
      from jsonb_path_query(rubric, '$.topics[*] ? (@.discovery == true)') with ordinality as x(t, ord)
    ) as topics;
  elsif kind = 'goal' then
    select case when jsonb_typeof(g) = 'object' then jsonb_build_object('value', share, 'unit', 'share', 'share', share,
        'why', coalesce(
            (select o ->> 'label' from jsonb_path_query(rubric, '$.goal.others[*]') as o where o ->> 'id' = g ->> 'id' limit 1),
            rubric -> 'goal' ->> 'label', g ->> 'id') || ': ' || case share
          when 1 then 'agreed' || case when dated then ', with a day or time' else '' end
          when 0.8 then 'agreed, but no day or time was named'
          when 0.5 then 'proposed with a day or time, not agreed'
          when 0.3 then 'proposed without a day or time, not agreed'
          else 'never proposed' end,
        'evidence', coalesce(evidence -> 'goal', '[]')) end
    into result
    from (select kpis -> 'goal' as g) as goal, lateral (
      select coalesce((g ->> 'hit')::boolean, false) as hit, coalesce((g ->> 'asked')::boolean, false) as asked,
        coalesce((g ->> 'dated')::boolean, false) as dated, coalesce((rubric -> 'goal' ->> 'needs_date')::boolean, true) as needs_date
      where jsonb_typeof(g) = 'object') as facts, lateral (
      select case when hit and (dated or not needs_date) then 1 when hit then 0.8
        when asked and dated then 0.5 when asked then 0.3 else 0 end as share) as s;
  elsif kind = 'compliance' then
    select jsonb_build_object('value', count(*) filter (where outcome = 'fail'), 'unit', 'failed checks',
        'share', case when count(*) filter (where outcome <> 'not_applicable') > 0 then greatest(0, 1 - coalesce(
          sum(case severity when 'fail' then 1 when 'major' then 0.5 else 0.2 end) filter (where outcome = 'fail'), 0)) end,
        'why', case when count(*) filter (where outcome = 'fail') = 0
          then format('All %s checks passed', count(*) filter (where outcome = 'pass'))
          else 'Failed: ' || string_agg(format('%s (%s)', label, severity), ', ' order by ord) filter (where outcome = 'fail') end,
        'evidence', coalesce((select jsonb_agg(e) from jsonb_path_query(kpis, '$.compliance[*] ? (@.outcome == "fail")') as k,
          jsonb_array_elements(coalesce(evidence -> ('compliance:' || (k ->> 'id')), '[]')) as e
          where chosen = '[]' or chosen ? (k ->> 'id')), '[]'))
    into result
    from (
      select ord, k ->> 'outcome' as outcome, k ->> 'severity' as severity,
        coalesce((select c ->> 'label' from jsonb_path_query(rubric, '$.compliance[*]') as c where c ->> 'id' = k ->> 'id'), k ->> 'id') as label
      from jsonb_path_query(kpis, '$.compliance[*]') with ordinality as x(k, ord)
      where chosen = '[]' or chosen ? (k ->> 'id')
    ) as checks;
  elsif kind = 'judge' then
    return score_judge(kpis, criterion);
  else
    raise exception 'criterion % has kind %', criterion -> 'id', coalesce(criterion -> 'kind', 'null')
      using errcode = '22023', hint = 'Use one of kpi, phrase, objection, topic, goal, compliance, judge.';
  end if;
  return coalesce(result, jsonb_build_object('value', null, 'unit', null, 'share', null, 'evidence', '[]'::jsonb,
    'why', 'Not enough to judge'));
end
$$;

comment on function score_criterion(jsonb, jsonb, jsonb) is
  'What one criterion earns: share 0..1 (null: left out), value with unit, why in words, and its evidence.';
