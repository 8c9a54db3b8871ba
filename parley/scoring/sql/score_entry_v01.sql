create function score_entry(breakdown jsonb, scored_at timestamptz, versions jsonb, cause jsonb) returns jsonb
  language sql stable parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
  select jsonb_build_object('scored_at', scored_at, 'replaced_at', now(), 'score', breakdown -> 'total', 'passed', breakdown -> 'passed',
    'abstained', breakdown -> 'abstained', 'capped_by', breakdown -> 'capped_by', 'rubric_version', breakdown -> 'rubric_version',
    'scenario_version', coalesce(versions -> 'rubric_from', versions -> 'scenario'),
    'criteria', (select coalesce(jsonb_agg(jsonb_build_object('id', c -> 'id', 'label', c -> 'label', 'weight', c -> 'weight',
      'share', c -> 'share', 'points', c -> 'points') order by ord), '[]')
      from jsonb_path_query(breakdown, '$.criteria[*]') with ordinality as e(c, ord))) || cause
$$;

comment on function score_entry(jsonb, timestamptz, jsonb, jsonb) is
  'What an attempt''s history keeps of a score that is replaced: numbers and labels, no words of the call, and the cause.';
