create type kpi_utterance as (
  n integer,
  i integer,
  speaker text,
  start_s numeric,
  end_s numeric,
  planned_end_s numeric,
  text text,
  words jsonb,
  tags text[],
  sentiment numeric,
  aside boolean,
  run integer
);

comment on type kpi_utterance is
  'One utterance, ready to be measured: n counts from 1 in order of start, i is its own index, end_s is when it was last '
  'heard, planned_end_s when it would have ended. An aside is a back-channel, run counts turns without asides. Seconds.';
