create function kpi_said(plain text[])
  returns table (ord integer, said text)
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  -- One pass over everything; line k is sentence k.
  with spelled as (
    select regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
      array_to_string(plain, E'\n'),
      '\m(do|does|did|is|are|was|were|has|have|had|would|could|should|ca|wo)nt\M', '\1 not', 'g'),
      '\m(you|they)re\M', '\1 are', 'g'),
      '\m(you|they|we|i)ve\M', '\1 have', 'g'),
      '\m(you|they|it)ll\M', '\1 will', 'g'),
      '\m(that|what|there|it|here|he|she|who|how|where|nobody|everybody)s\M', '\1 is', 'g'),
      '\m(?:um+|uh+m?|er|erm|ah|hmm+|just|really|actually|honestly|basically|literally|simply|truly|frankly|you know|i mean|sort of|kind of)\M ?(?:\| )?', '', 'g'),
      '\m(no|any|some|every) 1\M', '\1one', 'g') as t
  ), plainer as (
    select replace(replace(replace(replace(replace(replace(replace(replace(t, 'ca not', 'can not'), 'wo not', 'will not'), 'noone', 'nobody'),
      ' im ', ' i am '), ' ill ', ' i will '), ' lets ', ' let us '), ' gotta ', ' have to '), 'youd ', 'you would ') as t
    from (select regexp_replace(regexp_replace(E'\n' || t || E'\n', '(\n|^)(im|ill|lets|gotta) ', E'\\1 \\2 ', 'g'), 'ok ', 'okay ', 'g') as t
      from spelled) as padded
  )
  select l.ord::integer, ' ' || trim(regexp_replace(regexp_replace(regexp_replace(l.line, '^[ |]+', ''), '(?: ?\|)+ ?', ', ', 'g'), ' +', ' ', 'g')) || ' '
  from plainer, string_to_table(substr(t, 2, length(t) - 2), E'\n') with ordinality as l(line, ord)
$$;

comment on function kpi_said(text[]) is
  'Sentences in plain spelling made ready for a rule''s wordings: hesitations and hedges out, contractions without their '
  'apostrophe written out, a comma on the word before each stop, a space at each end.';
