create or replace function kpi_phrases_of(rubric jsonb)
  returns table (kind text, id text, field text, idea integer, speaker text, mode text, phrase text)
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  select 'phrase', p ->> 'id', 'say', 0, 'rep', 'loose order', s
  from jsonb_path_query(rubric, '$.phrases[*]') as p, jsonb_array_elements_text(p -> 'say') as s
  union all
  select 'forbidden', p ->> 'id', f.field, 0, 'rep',
    case when f.field = 'say' and p -> 'questions' = 'false' then 'exact, no question' else 'exact' end, s
  from jsonb_path_query(rubric, '$.forbidden[*]') as p,
    (values ('say'), ('unless')) as f(field), jsonb_array_elements_text(coalesce(p -> f.field, '[]')) as s
  union all
  select 'objection', o ->> 'tag', f.field, 0, f.speaker, f.mode, s
  from jsonb_path_query(rubric, '$.objections[*]') as o,
    (values ('heard', 'buyer', 'gist'), ('acknowledge', 'rep', 'loose order'), ('explore', 'rep', 'words'),
      ('confirm', 'rep', 'loose order')) as f(field, speaker, mode),
    jsonb_array_elements_text(coalesce(o -> f.field, '[]')) as s
  union all
  select 'objection', o ->> 'tag', 'answer', a.ord::integer, 'rep', 'words', s
  from jsonb_path_query(rubric, '$.objections[*]') as o, jsonb_array_elements(o -> 'answer') with ordinality as a(idea, ord),
    jsonb_array_elements_text(a.idea) as s
  union all
  select 'common', '', f.field, 0, f.speaker, f.mode, s
  from (values ('acknowledge', 'rep', 'exact'), ('confirm', 'rep', 'loose order'), ('accept', 'buyer', 'exact'))
      as f(field, speaker, mode),
    jsonb_array_elements_text(coalesce(rubric -> 'common' -> f.field, '[]')) as s
  union all
  select 'topic', t ->> 'id', 'ask', 0, 'rep', 'words', s
  from jsonb_path_query(rubric, '$.topics[*]') as t, jsonb_array_elements_text(t -> 'ask') as s
  union all
  select 'motive', '', 'heard', 0, 'buyer', 'gist', s
  from jsonb_path_query(rubric, '$.motive.heard[*]') as h, lateral (select h #>> '{}') as x(s)
  union all
  select 'goal', g ->> 'id', f.field, 0, f.speaker, f.mode, s
  from (select rubric -> 'goal' union all select jsonb_path_query(rubric, '$.goal.others[*]')) as o(g),
    (values ('ask', 'rep', 'words'), ('accept', 'buyer', 'gist')) as f(field, speaker, mode),
    jsonb_array_elements_text(coalesce(nullif(g, 'null') -> f.field, '[]')) as s
$$;

comment on function kpi_phrases_of(jsonb) is
  'Every phrase of a rubric with who says it and how it is matched: exact (these stems in a row), loose order (up to two other '
  'words between), words (the meaningful stems within a sentence), gist (60 % of them within two sentences).';
