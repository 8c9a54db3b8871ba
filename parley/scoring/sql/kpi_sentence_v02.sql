alter type kpi_sentence add attribute said text;
alter type kpi_sentence add attribute lexemes tsvector;

comment on type kpi_sentence is
  'One sentence of an utterance: sn counts sentences of the call from 1, quote is the exact substring, plain its words in '
  'lower case with | between clauses, stems the same stemmed, content the distinct stems that carry meaning, question is '
  'open, closed or null. said is how checks read it (kpi_said), lexemes its distinct words. Times in milliseconds.';
