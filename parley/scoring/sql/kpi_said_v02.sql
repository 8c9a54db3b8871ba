create or replace function kpi_said(plain text[])
  returns table (ord integer, said text)
  language plpgsql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  t text := E'\n' || array_to_string(plain, E'\n') || E'\n';  -- one pass over everything; line k is sentence k
begin
  if t ~ '\m(?:(?:do|does|did|is|are|was|were|has|have|had|would|could|should|ca|wo)nt|(?:you|they)re|(?:you|they|we|i)ve|(?:you|they|it)ll|(?:that|what|there|it|here|he|she|who|how|where|nobody|everybody)s|im|ill|lets|gotta|youd)\M' then
    t := regexp_replace(t, '\m(do|does|did|is|are|was|were|has|have|had|would|could|should|ca|wo)nt\M', '\1 not', 'g');
    t := replace(replace(t, ' ca not', ' can not'), ' wo not', ' will not');
    t := regexp_replace(t, '\m(you|they)re\M', '\1 are', 'g');
    t := regexp_replace(t, '\m(you|they|we|i)ve\M', '\1 have', 'g');
    t := regexp_replace(t, '\m(you|they|it)ll\M', '\1 will', 'g');
    t := regexp_replace(t, '\m(that|what|there|it|here|he|she|who|how|where|nobody|everybody)s\M', '\1 is', 'g');
    t := regexp_replace(regexp_replace(t, '\mim\M', 'i am', 'g'), '\mill\M', 'i will', 'g');
    t := regexp_replace(regexp_replace(t, '\mlets\M', 'let us', 'g'), '\mgotta\M', 'have to', 'g');
    t := regexp_replace(t, '\myoud\M', 'you would', 'g');
  end if;
  t := regexp_replace(t, '\m(?:um+|uh+m?|er|erm|ah|hmm+|just|really|actually|honestly|basically|literally|simply|truly|frankly|you know|i mean|sort of|kind of)\M ?(?:\| )?', '', 'g');
  if strpos(t, ' 1') > 0 then
    t := replace(regexp_replace(t, '\m(no|any|some|every) 1\M', '\1one', 'g'), 'noone', 'nobody');
  end if;
  t := regexp_replace(t, '\n[ |]+', E'\n', 'g');
  t := regexp_replace(t, '(?: ?\|)+ ?', ', ', 'g');
  t := replace(regexp_replace(t, ' {2,}', ' ', 'g'), E' \n', E'\n');
  return query select l.ord::integer, ' ' || l.line || ' '
    from string_to_table(substr(t, 2, length(t) - 2), E'\n') with ordinality as l(line, ord);
end
$$;
