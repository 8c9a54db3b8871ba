create function score_judge(kpis jsonb, criterion jsonb) returns jsonb
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  with verdict as (
    select k, (k ->> 'score')::numeric as score
    from jsonb_path_query(kpis, '$.judged[*] ? (@.score >= 0 && @.score <= 4)') as k
    -- A verdict counts only with words of the call behind it; words that were forgotten since are an empty string.
    where k ->> 'id' = criterion ->> 'id' and jsonb_typeof(k -> 'quote') = 'string' and jsonb_typeof(k -> 'i') = 'number'
    limit 1
  )
  select coalesce(
    (select jsonb_build_object('value', score, 'unit', 'of 4', 'share', round(score / 4, 4),
        'why', format('%s of 4', trim_scale(score)) || coalesce(': ' || (criterion -> 'anchors' ->> round(score)::integer), '')
          || coalesce('. ' || nullif(k ->> 'why', ''), ''),
        'evidence', jsonb_build_array(jsonb_build_object('i', k -> 'i', 'start_ms', k -> 'start_ms', 'end_ms', k -> 'end_ms',
          'quote', k -> 'quote')))
      from verdict),
    jsonb_build_object('value', null, 'unit', null, 'share', null, 'evidence', '[]'::jsonb,
      'why', case when exists (select from jsonb_path_query(kpis, '$.judged[*]') as k where k ->> 'id' = criterion ->> 'id')
        then 'Not judged: no words of the call could be quoted for it' else 'Not judged: nobody read this call for it' end))
$$;

comment on function score_judge(jsonb, jsonb) is
  'What a criterion earns that a language model judged 0..4: share = score / 4, with the verified quote as evidence. Without a '
  'verdict or without a quote it is left out.';
