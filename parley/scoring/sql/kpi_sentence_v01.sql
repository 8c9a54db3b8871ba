create type kpi_sentence as (
  sn integer,
  n integer,
  i integer,
  run integer,
  speaker text,
  quote text,
  start_ms integer,
  end_ms integer,
  plain text,
  stems text,
  content text[],
  question text
);

comment on type kpi_sentence is
  'One sentence of an utterance: sn counts sentences of the call from 1, quote is the exact substring, plain its words in '
  'lower case with | between clauses, stems the same stemmed, content the distinct stems that carry meaning, question is '
  'open, closed or null. Times in milliseconds.';
