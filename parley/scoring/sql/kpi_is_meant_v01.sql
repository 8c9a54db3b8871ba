create function kpi_is_meant(said text, pattern text, excuse text, in_questions boolean, negatable boolean) returns boolean
  language plpgsql immutable parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  flat text := translate(said, ',', '');
  words text[] := string_to_array(trim(said), ' ');
  found_at integer := regexp_instr(flat, pattern);
  k integer;        -- words before the one found
  clause integer;   -- where its clause begins
  before text;
begin
  while found_at > 0 loop
    k := regexp_count(left(flat, found_at), ' ') - 1;
    clause := coalesce((select max(n) from generate_series(1, k) as n where words[n] like '%,' or words[n] in ('but', 'however', 'because')), 0);
    before := array_to_string(words[greatest(clause + 1, k - 9):k], ' ') || ' ';
    if excuse is not null and ' ' || translate(array_to_string(words[greatest(1, k - 12):k + 20], ' '), ',', '') || ' ' ~ excuse then
      null;
    elsif not in_questions and before ~ '^(?:so |and |but |okay |now |well |then )*(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should|what|how|why|who|which|when|where|whether) (?!not )' then
      null;
    elsif not negatable or regexp_replace(before, '\m(?:not (?:only|just|worry|to worry|hesitate)|no (?:doubt|question|problems?|matter|worries|stress|points?|fees?|costs?|pressure)|why not|not a (?:problem|chance)|(?:is|are|was|does|do) not (?:it|you|they|that))\M', '', 'g')
        !~ '\m(?:not|no|never|nobody|none|nothing|without|neither|nor|unable|hardly|hard|refuse|rather than|instead of|avoid|illegal|wrong|forbidden|prohibited|careful)\M(?: \S+){0,6} $' then
      return true;
    end if;
    found_at := regexp_instr(flat, pattern, found_at + 1);
  end loop;
  return false;
end
$$;

comment on function kpi_is_meant(text, text, text, boolean, boolean) is
  'Is a wording said and meant? Excused by another wording up to twelve words before or twenty after, by a negation up to six words '
  'before in its clause when negatable, and in a clause that asks unless in_questions.';
