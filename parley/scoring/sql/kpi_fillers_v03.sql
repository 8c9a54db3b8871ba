create or replace function kpi_fillers(utterances kpi_utterance[], fillers jsonb) returns jsonb
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  with list as materialized (
    select ord, string_to_array(lower(f ->> 'say'), ' ') as say, coalesce((f ->> 'weight')::numeric, 1) as weight,
      coalesce((f ->> 'pause')::boolean, false) as pause,
      array(select jsonb_array_elements_text(coalesce(f -> 'not_after', '[]'))) as not_after,
      array(select jsonb_array_elements_text(coalesce(f -> 'not_before', '[]'))) as not_before
    from jsonb_array_elements(fillers) with ordinality as e(f, ord)
  ), raw as (
    -- Stops are named one by one: what else counts as punctuation, such as an emoji, depends on the database's locale.
    select u.n, t.k, t.token, u.words, count(*) over (partition by u.n) as tokens,
      lower(translate(regexp_replace(t.token, '^\W+|\W+$', '', 'g'), '’', '''')) as w,
      t.token ~ '[!-/:-@\[-`{-~…–—¿¡«»‘’“”]$' and t.token !~ '[''’"]$' as stop
    from unnest(utterances) as u, string_to_table(regexp_replace(trim(u.text), '\s+', ' ', 'g'), ' ') with ordinality as t(token, k)
    where u.speaker = 'rep'
  ), tokens as materialized (
    select n, k, w,
      case when not lag(stop) over o then lag(w) over o end as w_before, coalesce(lag(stop) over o, true) as stop_before,
      array[w, lead(w) over o, lead(w, 2) over o, lead(w, 3) over o, lead(w, 4) over o, lead(w, 5) over o] as ahead,
      array[stop, lead(stop) over o, lead(stop, 2) over o, lead(stop, 3) over o, lead(stop, 4) over o, lead(stop, 5) over o] as stops,
      coalesce(case when jsonb_array_length(words) = tokens
        then (words -> k::integer ->> 'start')::numeric - (words -> (k::integer - 1) ->> 'end')::numeric >= 0.3 end, false) as silence
    from raw
    window o as (partition by n order by k)
  ), found as (
    select t.n, t.k, cardinality(l.say) as size, l.weight
    from tokens as t join list as l on l.say[1] = t.w
    where l.say = t.ahead[1:cardinality(l.say)]
      and not coalesce(t.w_before = any (l.not_after), false)
      and (t.stops[cardinality(l.say)] or not coalesce(t.ahead[cardinality(l.say) + 1] = any (l.not_before), false))
      -- Between stops, or before a silence: "it is, like, good" and "it was like … the best", never "is that what you like?"
      and (not l.pause or t.stop_before and t.stops[cardinality(l.say)] or t.silence)
  ), kept as (
    -- Longest phrase first: what stands inside a longer filler is not counted again.
    select * from found as f
    where not exists (
      select from found as g
      where g.n = f.n and g.size > f.size and f.k >= g.k and f.k < g.k + g.size)
  )
  select jsonb_build_object('count', count(*), 'weighted', coalesce(sum(weight), 0),
    'ns', coalesce(jsonb_agg(distinct n), '[]'))
  from kept
$$;

comment on function kpi_fillers(kpi_utterance[], jsonb) is
  'The rep''s fillers: how many, their summed weight, and n of the utterances that hold one. Phrases of up to six words.';
