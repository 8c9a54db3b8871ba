create or replace function compute_score(kpis jsonb, rubric jsonb, overrides jsonb default '{}') returns jsonb
  language plpgsql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  enough constant integer := 30;  -- words of the rep below which nothing is judged
  rep_words numeric := score_value(kpis, 'rep_words');
  quiet boolean := coalesce(rep_words < enough, false);
  criteria jsonb;
  weight_all numeric;
  weight_judged numeric;
  points_sum numeric;
  gate jsonb;
  abstained_why text;
  total numeric;
  lifted jsonb;
  computed jsonb;
begin
  if jsonb_typeof(rubric -> 'criteria') is distinct from 'array' or rubric -> 'criteria' = '[]' then
    raise exception 'rubric.criteria is missing or empty' using errcode = '22023', hint = 'A rubric needs at least one criterion.';
  end if;
  if exists (select from jsonb_array_elements(rubric -> 'criteria') as c
      where jsonb_typeof(c -> 'weight') is distinct from 'number' or (c ->> 'weight')::numeric <= 0) then
    raise exception 'rubric.criteria holds a weight that is not above 0' using errcode = '22023', hint = 'Give every criterion a positive weight.';
  end if;

  if not quiet and exists (select from jsonb_array_elements(rubric -> 'criteria') as c where overrides ? (c ->> 'id')) then
    computed := compute_score(kpis, rubric);
  end if;

  with judged as materialized (
    select ord, c, (c ->> 'weight')::numeric as raw_weight,
      case when quiet then jsonb_build_object('value', null, 'unit', null, 'share', null, 'evidence', '[]'::jsonb,
          'why', 'Not enough to judge')
        -- What a person decided counts; what was computed stays beside it.
        when overrides ? (c ->> 'id') then score_criterion(kpis, rubric, c) || jsonb_build_object(
          'share', overrides -> (c ->> 'id'), 'computed', (select jsonb_build_object('weight', k -> 'weight', 'share', k -> 'share',
            'points', k -> 'points') from jsonb_path_query(computed, '$.criteria[*]') as k where k ->> 'id' = c ->> 'id'))
        else score_criterion(kpis, rubric, c) end as j
    from jsonb_array_elements(rubric -> 'criteria') with ordinality as e(c, ord)
  ), weighed as (
    select *, (j -> 'share')::text <> 'null' as counts,
      sum(raw_weight) over () as all_weight, sum(raw_weight) filter (where (j -> 'share')::text <> 'null') over () as judged_weight
    from judged
  ), pointed as (
    select *, case when counts then round(100 * raw_weight / judged_weight, 2) else 0 end as weight,
      case when counts then round(100 * raw_weight * (j ->> 'share')::numeric / judged_weight, 2) end as points
    from weighed
  )
  select jsonb_agg(jsonb_build_object('id', c -> 'id', 'label', c -> 'label', 'kind', c -> 'kind', 'rubric_weight', raw_weight,
      'weight', weight, 'points', points) || j order by ord), max(all_weight), coalesce(max(judged_weight), 0), sum(points)
  into criteria, weight_all, weight_judged, points_sum
  from pointed;

  with closed as (
    select g, ord, coalesce((overrides ->> ('gate:' || (g ->> 'id')))::numeric = 1, false) as is_lifted
    from jsonb_path_query(rubric, '$.gates[*]') with ordinality as x(g, ord)
    where exists (select from jsonb_path_query(kpis, '$.compliance[*] ? (@.outcome == "fail" && @.severity == "fail")') as k
        where k ->> 'id' = g -> 'when' ->> 'compliance')
      or exists (select from jsonb_path_query(kpis, '$.forbidden[*] ? (@.found == true)') as k
        where k ->> 'id' = g -> 'when' ->> 'forbidden')
  )
  select (select c.g from closed as c where not c.is_lifted order by (c.g ->> 'cap')::numeric, c.ord limit 1),
    (select jsonb_agg(c.g -> 'id' order by c.ord) from closed as c where c.is_lifted)
  into gate, lifted;

  abstained_why := case
    when quiet then format('The rep said %s words; from %s on a call is judged.', rep_words, enough)
    when weight_judged * 2 < weight_all then format('Only %s %% of the weight could be judged; half is needed.',
      round(100 * weight_judged / weight_all)) end;
  if abstained_why is null then
    total := least(round(points_sum, 1), (gate ->> 'cap')::numeric);
  end if;
  if lifted is not null and computed is null then
    computed := compute_score(kpis, rubric);
  end if;
  return jsonb_build_object(
    'total', total,
    'uncapped', case when abstained_why is null then round(points_sum, 1) end,
    'abstained', abstained_why is not null,
    'abstained_why', abstained_why,
    'passed', total >= coalesce((rubric ->> 'pass_mark')::numeric, 75),
    'pass_mark', coalesce((rubric ->> 'pass_mark')::numeric, 75),
    'capped_by', case when total < round(points_sum, 1) then gate -> 'id' end,
    'gate', gate -> 'id',
    'rubric_version', rubric -> 'version',
    'criteria', criteria)
    || case when computed is null then '{}' else jsonb_build_object('lifted', coalesce(lifted, '[]'), 'computed', jsonb_build_object(
      'total', computed -> 'total', 'uncapped', computed -> 'uncapped', 'passed', computed -> 'passed',
      'abstained', computed -> 'abstained', 'capped_by', computed -> 'capped_by')) end;
end
$$;

comment on function compute_score(jsonb, jsonb, jsonb) is
  'The score 0..100 of a call from its KPIs and rubric, with one line per criterion: weight x share = points, why, evidence. '
  'A criterion without enough to judge is left out and the others carry its weight; below half of the weight it abstains. '
  'Overrides are shares that people decided, by criterion, and gates that they lifted ("gate:<id>": 1); what was computed stays '
  'beside them as computed.';
