create function score_value(kpis jsonb, measure text) returns numeric
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  select case jsonb_typeof(kpis -> measure)
    when 'number' then (kpis ->> measure)::numeric
    when 'boolean' then (kpis ->> measure)::boolean::integer::numeric
  end
$$;

comment on function score_value(jsonb, text) is 'A KPI as a number, yes and no as 1 and 0; null when there was not enough to judge.';
