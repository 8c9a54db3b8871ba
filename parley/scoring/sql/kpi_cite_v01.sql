create function kpi_cite(sentence kpi_sentence) returns jsonb
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  select jsonb_build_object('i', sentence.i, 'start_ms', sentence.start_ms, 'end_ms', sentence.end_ms, 'quote', sentence.quote)
$$;

comment on function kpi_cite(kpi_sentence) is 'A sentence as evidence: utterance index, times in milliseconds, exact quote.';
