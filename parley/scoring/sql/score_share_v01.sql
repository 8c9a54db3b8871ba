create function score_share(value numeric, bands jsonb, between_bands text) returns numeric
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  with b as (
    select ord, (x ->> 'from')::numeric as low, nullif(x -> 'to', 'null')::numeric as high, (x ->> 'share')::numeric as share
    from jsonb_array_elements(bands) with ordinality as e(x, ord)
  ), ends as (
    -- Below the first band its share holds, above the last band the last share.
    select *, lead(low) over (order by ord) as next_low, lead(share) over (order by ord) as next_share from b
  ), holding as (
    select * from ends where low <= value order by ord desc limit 1
  )
  select round(coalesce(
    (select case
      when next_low is null or value <= high or between_bands = 'step' then share
      else share + (next_share - share) * (value - coalesce(high, low)) / (next_low - coalesce(high, low)) end
    from holding),
    (select share from ends order by ord limit 1)), 4)
$$;

comment on function score_share(numeric, jsonb, text) is
  'The share (0..1) that a value earns by its bands. Within a band the share is constant; between two bands it rises in a line '
  '(linear) or stays that of the lower one (step).';
