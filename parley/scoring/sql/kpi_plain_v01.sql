create function kpi_plain(said text) returns text
  language plpgsql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  t text := lower(translate(said, E'’‘`´“”–—‑\t\r\f\x0b', E'''''''''""---    '));
begin
  t := replace(replace(t, '%', ' percent '), '$', ' ');
  t := regexp_replace(t, '(\d),(?=\d{3})', '\1', 'g');
  t := regexp_replace(t, '(?<=\m[a-z]\.[a-z])\.(?= [a-z0-9])', '', 'g');
  t := regexp_replace(t, '\m([a-z])\.(?=[a-z]\M)', '\1', 'g');
  if t ~ '''' then
    t := replace(replace(t, 'won''t', 'will not'), 'can''t', 'can not');
    t := replace(replace(replace(t, 'n''t', ' not'), '''re', ' are'), '''ve', ' have');
    t := replace(replace(replace(t, '''ll', ' will'), '''m', ' am'), 'let''s', 'let us');
    t := regexp_replace(t, '\m(it|that|what|who|how|where|there|here|he|she|when|why)''s\M', '\1 is', 'g');
    t := replace(replace(t, '''d', ' would'), '''', '');
  end if;
  t := replace(replace(replace(t, 'cannot', 'can not'), 'gonna', 'going to'), 'wanna', 'want to');
  t := replace(replace(t, 'preapprov', 'pre approv'), 'prequal', 'pre qual');
  t := regexp_replace(t, '\mok\M', 'okay', 'g');
  -- Stops between clauses become |; a point between digits stays.
  t := regexp_replace(t, '(\d)\.(?=\d)', '\1·', 'g');
  t := regexp_replace(t, '(?: - |--+|[.,;:!?…]+ *)+', ' | ', 'g');
  t := replace(regexp_replace(t, '[^\w\s|·]+', ' ', 'g'), '·', '.');
  t := regexp_replace(regexp_replace(t, ' +', ' ', 'g'), ' ?\n ?', E' \n ', 'g');
  if t ~ '\m[a-z] [a-z] [a-z]' then
    t := regexp_replace(t, '\ma p r\M', 'apr', 'g');
    t := regexp_replace(t, '\mn m l s\M', 'nmls', 'g');
    t := regexp_replace(t, '\mp m i\M', 'pmi', 'g');
    t := regexp_replace(t, '\mf h a\M', 'fha', 'g');
  end if;
  return replace(kpi_numbers(trim(t)), E' \n ', E'\n');
end
$$;

comment on function kpi_plain(text) is
  'The words of a text in one spelling: lower case, contractions written out, numbers as digits, | for every stop between '
  'clauses. Line ends are kept, so that many texts can be done at once.';
