create function settle_score(attempt_id uuid, cause jsonb) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  attempt record;
  breakdown jsonb;
begin
  select a.id, a.status, a.rubric, a.score_breakdown as before, coalesce(w.kpis, a.kpis) as kpis into attempt
  from scenario_attempts as a left join attempt_words as w on w.attempt_id = a.id
  where a.id = settle_score.attempt_id
  for no key update of a;
  if attempt.status is distinct from 'scored' then
    raise exception 'attempt % is %; only a scored attempt is settled', attempt_id, coalesce(attempt.status, 'unknown')
      using errcode = '55000';
  end if;
  breakdown := compute_score(attempt.kpis, attempt.rubric, coalesce(overrides_of(attempt.id), '{}'));
  update scenario_attempts as a
  set score = (breakdown ->> 'total')::numeric, score_breakdown = breakdown, scored_at = clock_timestamp(), updated_at = now(),
    score_history = a.score_history || jsonb_build_array(score_entry(a.score_breakdown, a.scored_at, a.versions, cause))
  where a.id = attempt.id;
  return breakdown;
end
$$;

comment on function settle_score(uuid, jsonb) is
  'Score an attempt anew from what was measured in it, with what people decided; the earlier score goes to its history with the cause. '
  'For the installation, after an override.';
revoke all on function settle_score(uuid, jsonb) from public;
grant execute on function settle_score(uuid, jsonb) to parley_service;
