create function kpi_pattern(stems text, slack integer) returns text
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  select string_agg(
    regexp_replace(
      regexp_replace(trim(regexp_replace(part, '\s*\|\s*', ' ', 'g')), '([.*+?^$(){}\[\]\\])', '\\\1', 'g'),
      '\s+', case when slack > 0 then format(' (?:\\S+ ){0,%s}', slack) else ' ' end, 'g'),
    ' (?:\S+ ){0,6}' order by ord)
  from string_to_table(stems, ' zzgap ') with ordinality as p(part, ord)
$$;

comment on function kpi_pattern(text, integer) is
  'A regular expression for stems in this order. Up to slack other words may stand between two of them, up to six where the '
  'rubric writes … (stem zzgap).';
