create function score_move(before jsonb, after jsonb) returns jsonb
  language sql immutable parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
  with moves as (
    select coalesce(a.ord, 1000 + b.ord) as ord, coalesce(a.c, b.c) as c, b.c as was, a.c as is_now,
      coalesce((b.c ->> 'points')::numeric, 0) as from_points, coalesce((a.c ->> 'points')::numeric, 0) as to_points
    from (select c, ord from jsonb_path_query(before, '$.criteria[*]') with ordinality as e(c, ord)) as b
    full join (select c, ord from jsonb_path_query(after, '$.criteria[*]') with ordinality as e(c, ord)) as a
      on a.c ->> 'id' = b.c ->> 'id'
  ), biggest as (
    select * from moves where from_points <> to_points order by abs(to_points - from_points) desc, ord limit 1
  )
  select case
    when before -> 'capped_by' is distinct from after -> 'capped_by' then jsonb_build_object('id', coalesce(
        nullif(after -> 'capped_by', 'null'), before -> 'capped_by'), 'label', 'Cap', 'from', before -> 'total', 'to', after -> 'total',
      'why', case when jsonb_typeof(after -> 'capped_by') = 'string' then 'a rule that was broken now caps the score'
        else 'no cap holds it down any more' end)
    when before -> 'abstained' is distinct from after -> 'abstained' then jsonb_build_object('id', null, 'label', 'Enough to judge',
      'from', before -> 'total', 'to', after -> 'total', 'why', coalesce(after ->> 'abstained_why', 'there is enough to judge now'))
    else (select jsonb_build_object('id', c -> 'id', 'label', c -> 'label', 'from', from_points, 'to', to_points, 'why', case
        when was is null then 'new in this version'
        when is_now is null then 'no longer in the rubric'
        when was -> 'share' is distinct from is_now -> 'share' and jsonb_typeof(is_now -> 'share') = 'null' then 'not enough to judge it now'
        when was -> 'share' is distinct from is_now -> 'share' then format('earns %s %% instead of %s',
          round(100 * (is_now ->> 'share')::numeric), coalesce(round(100 * (was ->> 'share')::numeric) || ' %', 'not being judged'))
        else format('weighs %s instead of %s of 100', trim_scale((is_now ->> 'weight')::numeric),
          trim_scale((was ->> 'weight')::numeric)) end)
      from biggest) end
$$;

comment on function score_move(jsonb, jsonb) is
  'What explains most of the way from one breakdown to another: a cap, abstaining, or the criterion whose points moved most, in words; '
  'null when nothing moved.';
