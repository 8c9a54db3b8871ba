create function kpi_rates(sentences kpi_sentence[]) returns integer[]
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  select array(select s.sn from unnest(sentences) as s
    where case when s.speaker = 'rep' and s.plain ~ '\d|\m(?:fives|sixes|sevens|eights)\M' then kpi_names_rate(s.plain)
      and (s.question is null or s.plain ~ '\m(?:rate|rates|apr|interest|sound|work)\M') end
    order by s.sn)
$$;

comment on function kpi_rates(kpi_sentence[]) is
  'The sentences in which the rep names a rate of one''s own; a question about other things names none.';
