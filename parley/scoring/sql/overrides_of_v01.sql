create function overrides_of(attempt uuid) returns jsonb
  language sql stable parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
  select jsonb_object_agg(criterion, share) filter (where share is not null)
  from (select distinct on (o.criterion) o.criterion, o.share from criterion_overrides as o
    where o.attempt_id = attempt order by o.criterion, o.created_at desc, o.id) as newest
$$;

comment on function overrides_of(uuid) is
  'The shares that people decided for this attempt, by criterion, and lifted caps as "gate:<id>": 1; null when there are none.';
