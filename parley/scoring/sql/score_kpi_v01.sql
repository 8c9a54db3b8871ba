create function score_kpi(kpis jsonb, part jsonb) returns jsonb
  language plpgsql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  measure text := part ->> 'measure';
  known jsonb := score_measure(measure);
  unit text := known ->> 1;
  value numeric := score_value(kpis, measure);
  percent boolean := coalesce(unit = 'share', false);
  full_band jsonb := jsonb_path_query_first(part -> 'bands', '$[*] ? (@.share == 1)');
  low text := trim_scale((full_band ->> 'from')::numeric * case when percent then 100 else 1 end)::text;
  high text := trim_scale(nullif(full_band -> 'to', 'null')::numeric * case when percent then 100 else 1 end)::text;
  said text;
begin
  if known is null then
    raise exception 'measure % is unknown', coalesce(part -> 'measure', 'null')
      using errcode = '22023', hint = 'docs/reference/kpis.md lists the measures.';
  end if;
  if value is null then
    return jsonb_build_object('measure', measure, 'value', null, 'unit', unit, 'share', null,
      'why', format('%s: not enough to judge', known ->> 0));
  end if;
  said := case
    when unit = 'yes or no' then case when value = 1 then 'yes' else 'no' end
    when percent then trim_scale(round(100 * value, 1)) || ' %'
    when unit in ('-1 to 1') then trim_scale(value)::text
    else trim_scale(value) || ' ' || unit end;
  return jsonb_build_object('measure', measure, 'value', value, 'unit', unit,
    'share', score_share(value, part -> 'bands', coalesce(part ->> 'between', 'linear')),
    'why', format('%s: %s', known ->> 0, said) || case
      when unit = 'yes or no' or full_band is null then ''
      when high is null then format('; full marks from %s%s', low, case when percent then ' %' else '' end)
      when low = '0' then format('; full marks up to %s%s', high, case when percent then ' %' else '' end)
      else format('; full marks from %s to %s%s', low, high, case when percent then ' %' else '' end) end);
end
$$;

comment on function score_kpi(jsonb, jsonb) is 'What one KPI earns by its bands: value, unit, share 0..1 and why, in words.';
