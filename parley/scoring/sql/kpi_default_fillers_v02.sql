create or replace function kpi_default_fillers() returns jsonb
  language sql immutable parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
  select $json$[
    {"say": "um", "weight": 1}, {"say": "umm", "weight": 1}, {"say": "uhm", "weight": 1}, {"say": "uh", "weight": 1},
    {"say": "uhh", "weight": 1}, {"say": "er", "weight": 1}, {"say": "erm", "weight": 1}, {"say": "ah", "weight": 1},
    {"say": "hmm", "weight": 0.5}, {"say": "basically", "weight": 0.5},
    {"say": "like", "weight": 0.5, "pause": true,
      "not_after": ["i", "you", "we", "they", "he", "she", "people", "would", "do", "did", "does", "to", "might", "may", "will", "i'd", "you'd", "we'd", "they'd", "he'd", "she'd", "feel", "feels", "look", "looks", "sound", "sounds", "seem", "seems"]},
    {"say": "you know", "weight": 0.5,
      "not_after": ["do", "did", "if", "let", "as", "would", "that", "what", "when", "once", "so", "make", "sure"],
      "not_before": ["what", "how", "that", "if", "when", "why", "where", "who", "whether", "about", "the", "your", "it", "for", "this", "which", "of"]},
    {"say": "i mean", "weight": 0.5, "not_after": ["what", "do", "if"]},
    {"say": "sort of", "weight": 0.5, "not_after": ["what", "which", "this", "that", "any", "some", "a", "the", "same", "every"]},
    {"say": "kind of", "weight": 0.5, "not_after": ["what", "which", "this", "that", "any", "some", "a", "the", "same", "every", "one", "another"]}
  ]$json$::jsonb
$$;

comment on function kpi_default_fillers() is
  'Parley''s own list of fillers with weights; a rubric''s `fillers` takes its place. pause: only before a stop or a silence.';
