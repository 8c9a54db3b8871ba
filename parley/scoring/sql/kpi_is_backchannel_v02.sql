create or replace function kpi_is_backchannel(said text) returns boolean
  language plpgsql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
begin
  -- Three words are more than an aside; most utterances end here.
  if said ~ '\S\s+\S+\s+\S' then
    return false;
  end if;
  return trim(regexp_replace(lower(translate(said, '’-', ''' ')), '[^a-z'' ]+', ' ', 'g')) ~
    ('^(m+ ?h?m*|mhm+|h+m+|uh huh|yeah|yes|yep|yup|ok|okay|right|sure|i see|got it|gotcha|great|good|nice|cool|oh|ah|wow'
    '|really|true|exactly|alright|all right|perfect|go on|makes sense|of course|fair enough|understood|interesting)'
    '( +(yeah|yes|yep|ok|okay|right|sure|great|good))?$')
    and regexp_count(trim(said), '\S+') <= 2;
end
$$;

comment on function kpi_is_backchannel(text) is
  'Is this at most two words that only say "I am listening"?';
