create or replace function kpi_cite(sentence kpi_sentence) returns jsonb
  language sql immutable parallel safe strict
as $$
  select pg_catalog.jsonb_build_object('i', sentence.i, 'start_ms', sentence.start_ms, 'end_ms', sentence.end_ms, 'quote', sentence.quote)
$$;

comment on function kpi_cite(kpi_sentence) is
  'A sentence as evidence: utterance index, times in milliseconds, exact quote. It sets no search_path, so that it can be inlined.';
