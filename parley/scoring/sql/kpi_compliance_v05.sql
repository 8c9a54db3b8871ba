-- In PL/pgSQL, which keeps its plans: planning this takes longer than running it.
create or replace function kpi_compliance(utterances kpi_utterance[], sentences kpi_sentence[], rates integer[], compiled kpi_phrase[], checks jsonb,
    lender jsonb)
  returns table (ord integer, kept boolean, sns integer[])
  language plpgsql immutable parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
begin
  return query
  with said as materialized (
    select s.sn, s.n, s.run, s.speaker, s.plain, s.question, s.said, translate(s.said, ',', '') as flat, s.lexemes,
      'unclear' = any (u.tags) as unclear, dense_rank() over (partition by s.speaker order by s.run) as turn,
      s.sn = any (rates) as rate
    from unnest(sentences) as s
    join unnest(utterances) as u on u.n = s.n
  ), talk as materialized (
    select coalesce(sum(case when octet_length(flat) = length(flat) then cardinality(array_remove(string_to_array(flat, ' '), ''))
        else regexp_count(flat, '\S+') end) filter (where speaker = 'rep'), 0) < 30 as quiet,
      array_to_tsvector(string_to_array(coalesce(nullif(trim(string_agg(trim(flat), ' ') filter (where speaker = 'rep' and lexemes is not null)), ''), '-'), ' ')) as rep,
      array_to_tsvector(string_to_array(coalesce(nullif(trim(string_agg(trim(flat), ' ') filter (where speaker = 'buyer' and lexemes is not null)), ''), '-'), ' ')) as buyer
    from said
  ), listened as materialized (
    select x.idea, x.field, x.speaker, x.query, x.pattern from unnest(compiled) as x where x.kind = 'check'
  ), wanted as materialized (
    select e.ord::integer as ord, c ->> 'kind' as kind, coalesce(c ->> 'within', 'call') as within_, c ->> 'figures' as figures,
      coalesce((c ->> 'questions')::boolean, true) as in_questions, coalesce((c ->> 'negated')::boolean, true) as negatable,
      c -> 'when' ? 'rate_mentioned' as rate,
      x.pattern as excuse
    from jsonb_array_elements(checks) with ordinality as e(c, ord)
    left join listened as x on x.field = 'unless' and x.idea = e.ord
    where c ->> 'kind' is not null
  ), wordings as materialized (
    -- Most wordings fall at the first question, as the call does not hold their words.
    select x.idea as ord, x.field as role, x.speaker, x.query, x.pattern
    from listened as x cross join talk
    where x.query is not null and case x.speaker when 'rep' then talk.rep else talk.buyer end @@ x.query
  ), found as materialized (
    select distinct x.ord, x.role, s.sn, s.n, s.run, s.turn, s.unclear
    from wordings as x join wanted as w on w.ord = x.ord
    join said as s on s.speaker = x.speaker and s.lexemes @@ x.query
    where case when w.kind = 'never' or x.role = 'when'
      then kpi_is_meant(s.said, x.pattern, w.excuse, w.in_questions, w.negatable)
      else s.flat ~ x.pattern end
  ), hits as materialized (
    -- What breaks a rule of kind never, keeps one of kind always, or calls for something.
    select f.ord, f.sn, f.n, f.run, f.turn, f.unclear
    from found as f join wanted as w on w.ord = f.ord
    where f.role = case w.kind when 'with' then 'when' when 'reply' then 'heard' else 'say' end
    union
    select w.ord, s.sn, s.n, s.run, s.turn, s.unclear
    from wanted as w join said as s on s.speaker = 'rep' and case
      when w.rate or w.figures = 'rates' then s.rate
      when w.figures = 'limits' then s.plain ~ '\mlimits?\M' and s.question is null and s.plain !~ '\m(?:last year|used to|was|were|in 20\d\d)\M' end
    where w.rate or w.figures is not null
  ), calls as materialized (
    -- Each answer that calls for something, and whether it came: in the next answer, in the same one, or before.
    select h.ord, h.sn, h.unclear or exists (select from said as s where s.speaker = 'rep' and s.unclear
        and s.run = h.run + (w.kind = 'reply')::integer) as unclear,
      (select min(f.sn) from found as f where f.ord = h.ord and f.role = 'say'
        and (f.run = h.run + (w.kind = 'reply')::integer or w.within_ = 'before' and f.run < h.run)) as given
    from hits as h join wanted as w on w.ord = h.ord
    where w.kind = 'with' or w.kind = 'reply' and exists (select from said as a where a.run = h.run + 1 and a.speaker = 'rep')
  ), figures as (
    select h.ord, h.sn, h.unclear, exists (
        select from regexp_matches(s.plain, '(?<![\d.])\d+(?:\.\d+)?(?![\d.])', 'g') as f(m),
          jsonb_array_elements_text(case w.figures when 'rates' then lender -> 'rates' else lender -> 'limits' end) as known(figure)
        where abs(m[1]::numeric - figure::numeric) <= case w.figures when 'rates' then 0.13 else 0 end) as given
    from hits as h join wanted as w on w.ord = h.ord and w.figures is not null join said as s on s.sn = h.sn
    where jsonb_array_length(coalesce(case w.figures when 'rates' then lender -> 'rates' else lender -> 'limits' end, '[]')) > 0
      and (w.figures = 'rates' or s.plain ~ '(?<![\d.])[2-9]\d{5}(?!\d)|(?<![\d.])1\d{6}(?!\d)')
  ), judged as materialized (
    select w.ord,
      case
        when w.kind = 'never' then case when exists (select from hits as h where h.ord = w.ord and not h.unclear) then false
          when not exists (select from hits as h where h.ord = w.ord) then true end
        when w.kind = 'always' then case when exists (select from hits as h where h.ord = w.ord and (w.within_ <> 'opening' or h.turn <= 3)) then true
          when not (select quiet from talk) and not kpi_is_lost(utterances, array(
            select s.n from said as s where s.speaker = 'rep' and (w.within_ <> 'opening' or s.turn <= 3))) then false end
        when w.kind = 'figure' then (select bool_and(given) from figures as f where f.ord = w.ord and not f.unclear)
        else (select bool_and(c.given is not null) from calls as c where c.ord = w.ord and (c.given is not null or not c.unclear)) end as kept,
      case
        when w.kind in ('never', 'always') then array(select h.sn from hits as h where h.ord = w.ord
          and case w.kind when 'never' then not h.unclear else w.within_ <> 'opening' or h.turn <= 3 end order by h.sn)
        when w.kind = 'figure' then array(select f.sn from figures as f where f.ord = w.ord and not f.given and not f.unclear order by f.sn)
        else array(select c.sn from calls as c where c.ord = w.ord and c.given is null and not c.unclear
          union select min(s.sn) from calls as c join said as b on b.sn = c.sn join said as s on s.run = b.run + 1
          where c.ord = w.ord and c.given is null and not c.unclear and w.kind = 'reply' group by c.sn order by 1) end as missed,
      case when w.kind in ('with', 'reply') then array(select distinct c.given from calls as c where c.ord = w.ord and c.given is not null order by 1) end as given
    from wanted as w
  )
  select ord, kept, case when kept then coalesce(given, missed) when not kept then missed else '{}' end from judged;
end
$$;

comment on function kpi_compliance(kpi_utterance[], kpi_sentence[], integer[], kpi_phrase[], jsonb, jsonb) is
  'The checks of a rubric that have wordings: kept, broken or null (nothing called for it, too little said, or recognition '
  'unsure), with the sentences that show it. rates are the sentences in which the rep names a rate. `lender` holds the organisation''s figures.';
