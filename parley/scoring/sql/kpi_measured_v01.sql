create function kpi_measured(u kpi_utterance[], s kpi_sentence[], m kpi_match[], rates integer[], typed boolean, asked jsonb,
    heard kpi_phrase[]) returns jsonb
  language plpgsql immutable parallel safe cost 200000
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  raised integer[] := array(select r.n from kpi_raised(u, s, m, asked) as r);
  flow jsonb := kpi_flow(u, raised, typed);
  cuts integer[] := array(select n::integer from jsonb_array_elements_text(flow -> 'cuts') as n);
  speech jsonb := kpi_speech(u, s, case when jsonb_typeof(asked -> 'fillers') = 'array' and asked -> 'fillers' <> '[]'
    then asked -> 'fillers' else kpi_default_fillers() end, typed);
  phrases jsonb := kpi_phrases(u, s, m, rates, heard, asked);
  objections jsonb := kpi_objections(u, s, m, asked, cuts, typed);
  discovery jsonb := kpi_discovery(u, s, m, asked);
  evidence jsonb;
begin
  evidence := jsonb_build_object(
    'question_count', kpi_cites(s, array(select q.sn from unnest(s) as q where q.speaker = 'rep' and q.question is not null)),
    'open_question_count', kpi_cites(s, array(select q.sn from unnest(s) as q where q.speaker = 'rep' and q.question = 'open')),
    'interruptions_by_rep', case when not typed
      then kpi_cites(s, array(select min(q.sn) from unnest(s) as q where q.n = any (cuts) group by q.n)) else '[]' end,
    'fillers_per_minute', case when not typed
      then kpi_cites(s, array(select min(q.sn) from unnest(s) as q where speech -> 'filler_ns' @> to_jsonb(q.n) group by q.n)) else '[]' end,
    'longest_monologue_s', kpi_cites(s, array(select min(q.sn) from unnest(s) as q where q.n = (flow ->> 'monologue_n')::integer)));
  evidence := evidence || (phrases -> 'evidence') || (objections -> 'evidence') || (discovery -> 'evidence');
  return jsonb_build_object('version', 1)
    || (flow - '{cuts,monologue_n}'::text[]) || (speech - 'filler_ns')
    || (phrases - 'evidence') || (objections - 'evidence') || (discovery - 'evidence')
    || jsonb_build_object('typed', typed, 'evidence', evidence);
end
$$;

comment on function kpi_measured(kpi_utterance[], kpi_sentence[], kpi_match[], integer[], boolean, jsonb, kpi_phrase[]) is
  'The KPIs of a call that has been taken apart into utterances, sentences, matches and sentences that name a rate: the last step '
  'of compute_kpis and of kpi_of_calls.';
