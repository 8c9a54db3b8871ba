create or replace function compute_kpis(transcript jsonb, rubric jsonb default '{}', compiled kpi_phrase[] default null) returns jsonb
  language plpgsql immutable parallel safe cost 1000000
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  -- What is stored compressed is opened once, not by each function that reads it.
  said jsonb := transcript #> '{}';
  asked jsonb := case when compiled is null then kpi_slim(rubric) else rubric #> '{}' end;
  heard kpi_phrase[] := coalesce(compiled, kpi_compiled(rubric #> '{}'));
  u kpi_utterance[] := kpi_utterances(said);
  s kpi_sentence[] := kpi_sentences(u);
begin
  if transcript is null or rubric is null then
    return null;
  end if;
  return kpi_measured(u, s, kpi_matches(s, heard), kpi_rates(s), jsonb_path_exists(said, '$[*] ? (@.source == "typed")'), asked, heard);
end
$$;

comment on function compute_kpis(jsonb, jsonb, kpi_phrase[]) is
  'The KPIs of a call as JSON, from its transcript and the rubric''s phrases; null means not enough to judge. Same input, same '
  'output. Many calls by one rubric are faster with kpi_compiled(rubric), made once, and kpi_slim(rubric), or through kpi_of_calls. docs/reference/kpis.md has every definition with unit and source.';
