create or replace function score_attempt(attempt_id uuid) returns jsonb
  language plpgsql volatile
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  attempt record;
  new_kpis jsonb;
  breakdown jsonb;
begin
  -- The attempt keeps numbers; with words the same KPIs stand apart.
  select a.id, a.status, a.rubric, coalesce(w.kpis, a.kpis) as kpis, t.transcript into attempt
  from scenario_attempts as a left join attempt_transcripts as t on t.attempt_id = a.id
    left join attempt_words as w on w.attempt_id = a.id
  where a.id = score_attempt.attempt_id
  for no key update of a;
  if not found then
    raise exception 'attempt % does not exist or may not be seen', attempt_id using errcode = 'P0002';
  end if;
  if attempt.status not in ('ended', 'scored') then
    raise exception 'attempt % is %; only a finished attempt is scored', attempt_id, attempt.status using errcode = '55000';
  end if;
  -- Once the words are forgotten, what was measured in them stands.
  new_kpis := case when attempt.transcript is null and attempt.kpis is not null then attempt.kpis
    else compute_kpis(coalesce(attempt.transcript, '[]'), attempt.rubric)
      || case when attempt.kpis ? 'judged' then jsonb_build_object('judged', attempt.kpis -> 'judged') else '{}' end end;
  breakdown := compute_score(new_kpis, attempt.rubric, coalesce(overrides_of(attempt.id), '{}'));
  -- A score that somebody may have seen stays in the history when another takes its place.
  update scenario_attempts as a
  set score_history = case when a.status = 'scored' and a.score_breakdown -> 'total' is distinct from breakdown -> 'total'
      then a.score_history || jsonb_build_array(score_entry(a.score_breakdown, a.scored_at, a.versions, '{"cause": "scored_again"}'))
      else a.score_history end,
    kpis = new_kpis, score = (breakdown ->> 'total')::numeric, score_breakdown = breakdown, status = 'scored',
    scored_at = now(), updated_at = now()
  where id = attempt.id;
  return breakdown;
end
$$;

comment on function score_attempt(uuid) is
  'Score one finished attempt by the rubric on it: writes kpis, score, score_breakdown, status and scored_at, and returns '
  'the breakdown. Verdicts of a judge and what people decided are kept, and a score that is replaced stays in '
  'score_history. Doing it twice gives the same. Raises no_data_found, or '
  'object_not_in_prerequisite_state while it runs.';
