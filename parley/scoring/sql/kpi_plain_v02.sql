create or replace function kpi_plain(said text) returns text
  language plpgsql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  t text := said;
begin
  -- Cheap replacements first; every regular expression is one pass over all lines, tried only where it could change something.
  if octet_length(t) > length(t) then
    t := replace(replace(replace(replace(t, '’', ''''), '‘', ''''), '´', ''''), '“', '"');
    t := replace(replace(replace(replace(t, '”', '"'), '–', '-'), '—', '-'), '‑', '-');
  end if;
  t := replace(replace(replace(replace(replace(t, '`', ''''), E'\t', ' '), E'\r', ' '), E'\f', ' '), E'\x0b', ' ');
  t := replace(replace(lower(t), '%', ' percent '), '$', ' ');
  if strpos(t, ',') > 0 then
    t := regexp_replace(t, '(\d),(?=\d{3})', '\1', 'g');
  end if;
  if t ~ '\m[a-z]\.[a-z]\M' then
    t := regexp_replace(t, '(?<=\m[a-z]\.[a-z])\.(?= [a-z0-9])', '', 'g');
    t := regexp_replace(t, '\m([a-z])\.(?=[a-z]\M)', '\1', 'g');
  end if;
  if strpos(t, '''') > 0 then
    t := replace(replace(t, 'won''t', 'will not'), 'can''t', 'can not');
    t := replace(replace(replace(t, 'n''t', ' not'), '''re', ' are'), '''ve', ' have');
    t := replace(replace(replace(t, '''ll', ' will'), '''m', ' am'), 'let''s', 'let us');
    if strpos(t, '''s') > 0 then
      t := regexp_replace(t, '\m(it|that|what|who|how|where|there|here|he|she|when|why)''s\M', '\1 is', 'g');
    end if;
    t := replace(replace(t, '''d', ' would'), '''', '');
  end if;
  t := replace(replace(replace(t, 'cannot', 'can not'), 'gonna', 'going to'), 'wanna', 'want to');
  t := replace(replace(t, 'preapprov', 'pre approv'), 'prequal', 'pre qual');
  t := regexp_replace(t, '\mok\M', 'okay', 'g');
  -- Stops between clauses become |; a point between digits stays.
  t := regexp_replace(t, '(\d)\.(?=\d)', '\1·', 'g');
  t := regexp_replace(t, '(?: - |--+|[.,;:!?…]+ *)+', ' | ', 'g');
  t := replace(regexp_replace(t, '[^\w\s|·]+', ' ', 'g'), '·', '.');
  while strpos(t, '  ') > 0 loop
    t := replace(t, '  ', ' ');
  end loop;
  t := trim(replace(replace(t, E' \n', E'\n'), E'\n ', E'\n'));
  if t ~ '\m[a-z] [a-z] [a-z]' then
    t := regexp_replace(t, '\ma p r\M', 'apr', 'g');
    t := regexp_replace(t, '\mn m l s\M', 'nmls', 'g');
    t := regexp_replace(t, '\mp m i\M', 'pmi', 'g');
    t := regexp_replace(t, '\mf h a\M', 'fha', 'g');
  end if;
  if t ~ '\d|\m(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|zero|hundred|thousand|million)\M' then
    -- A number is spoken within a line; only lines that may hold one are read word by word.
    select string_agg(case when numbered then kpi_numbers(line) else line end, E'\n' order by ord) into t
    from (
      select line, ord, line ~ '\d' or exists (select from string_to_table(line, ' ') as w
        where w in ('zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve',
          'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen', 'twenty', 'thirty', 'forty',
          'fifty', 'sixty', 'seventy', 'eighty', 'ninety', 'hundred', 'thousand', 'million')) as numbered
      from string_to_table(t, E'\n') with ordinality as l(line, ord)
    ) as lines;
  end if;
  return t;
end
$$;

comment on function kpi_plain(text) is
  'The words of a text in one spelling: lower case, contractions written out, numbers as digits, | for every stop between '
  'clauses. Line ends are kept, so that many texts can be done at once.';
