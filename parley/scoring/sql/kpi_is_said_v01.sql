create function kpi_is_said(stems text, pattern text, in_questions boolean) returns boolean
  language plpgsql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  found_at integer := regexp_instr(stems, pattern);
  before text;
begin
  while found_at > 0 loop
    -- The clause up to the phrase, without turns of speech that only look like a negation.
    before := regexp_replace(left(stems, found_at), '^.*\|', '');
    before := regexp_replace(before, '\m(not (only|worri)|no (doubt|question|problem|matter)|why not)\M', ' ', 'g');
    if not in_questions and before ~ '^ ?(so |and |but |okay |now )*(do|does|did|is|are|was|were|has|have|had|can|could|will|would|what|how|why|who|which) ' then
      null;
    elsif before !~ '\m(not|no|never|nobodi|none|noth|without|neither|nor|unabl|hard)\M(?: \S+){0,6} ?$' then
      return true;
    end if;
    found_at := regexp_instr(stems, pattern, found_at + 1);
  end loop;
  return false;
end
$$;

comment on function kpi_is_said(text, text, boolean) is
  'Is the pattern said and meant? A negation up to six words before it in the same clause ("I can not guarantee") excuses it; without in_questions a clause that asks does too.';
