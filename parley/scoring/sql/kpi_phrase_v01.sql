create type kpi_phrase as (
  p integer,
  kind text,
  id text,
  field text,
  idea integer,
  speaker text,
  spreads boolean,
  needed integer,
  words text[],
  row_words text,
  outline text,
  pattern text,
  in_questions boolean
);

comment on type kpi_phrase is
  'A phrase of a compiled rubric. needed is null for a phrase that is matched in a row: its words hold the rarest of its '
  'meaningful stems, or nothing when it has none, and a sentence that holds it is compared with row_words (no gaps), or '
  'outline (LIKE, cheap) and then pattern (a regular expression). Otherwise that many of words must stand in the sentence; '
  'spreads: they may run on into the next one. in_questions is null for what may be said: only a forbidden phrase asks whether '
  'it was meant, and with false a clause that asks excuses it.';
