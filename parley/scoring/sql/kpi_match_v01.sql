create type kpi_match as (kind text, id text, field text, idea integer, sn integer);

comment on type kpi_match is
  'A phrase of the rubric found in a sentence: kind phrase, forbidden, objection, topic, motive, goal or common; field say, '
  'heard, acknowledge, explore, answer, confirm, ask or accept; idea is the position of an answer idea, from 1.';
