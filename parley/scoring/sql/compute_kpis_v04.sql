create or replace function compute_kpis(transcript jsonb, rubric jsonb default '{}', compiled kpi_phrase[] default null) returns jsonb
  language plpgsql immutable parallel safe cost 20000
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  -- What is stored compressed is opened once, not by each function that reads it.
  said jsonb := transcript #> '{}';
  asked jsonb := case when compiled is null then kpi_slim(rubric) else rubric #> '{}' end;
  heard kpi_phrase[] := coalesce(compiled, kpi_compiled(rubric #> '{}'));
  u kpi_utterance[] := kpi_utterances(said);
  s kpi_sentence[] := kpi_sentences(u);
  m kpi_match[] := kpi_matches(s, heard);
  rates integer[] := kpi_rates(s);
  typed boolean := jsonb_path_exists(said, '$[*] ? (@.source == "typed")');
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
  if transcript is null or rubric is null then
    return null;
  end if;
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

comment on function compute_kpis(jsonb, jsonb, kpi_phrase[]) is
  'The KPIs of a call as JSON, from its transcript and the rubric''s phrases; null means not enough to judge. Same input, same '
  'output. Many calls by one rubric are faster with kpi_compiled(rubric), made once, and kpi_slim(rubric). docs/reference/kpis.md has every definition with unit and source.';
