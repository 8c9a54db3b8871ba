create function kpi_compliance(utterances kpi_utterance[], sentences kpi_sentence[], checks jsonb, lender jsonb)
  returns table (ord integer, kept boolean, sns integer[])
  language sql immutable parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
  with said as materialized (
    select s.sn, s.n, s.run, s.speaker, s.plain, s.question, t.said, translate(t.said, ',', '') as flat,
      'unclear' = any (u.tags) as unclear, dense_rank() over (partition by s.speaker order by s.run) as turn
    from unnest(sentences) as s
    join kpi_said(array(select x.plain from unnest(sentences) as x order by x.sn)) as t on t.ord = s.sn
    join unnest(utterances) as u on u.n = s.n
  ), talk as materialized (
    select coalesce(string_agg(flat, E'\n') filter (where speaker = 'rep'), '') as rep,
      coalesce(string_agg(flat, E'\n') filter (where speaker = 'buyer'), '') as buyer,
      coalesce(sum(regexp_count(flat, '\S+')) filter (where speaker = 'rep'), 0) < 30 as quiet
    from said
  ), wanted as materialized (
    select e.ord::integer as ord, c ->> 'kind' as kind, coalesce(c ->> 'within', 'call') as within_, c ->> 'figures' as figures,
      coalesce((c ->> 'questions')::boolean, true) as in_questions, coalesce((c ->> 'negated')::boolean, true) as negatable,
      c -> 'when' ? 'rate_mentioned' as rate, c #>> '{match,say,pattern}' as say, c #>> '{match,unless,pattern}' as excuse,
      c #>> '{match,when,pattern}' as occasion, c #>> '{match,heard,pattern}' as heard,
      case c ->> 'kind' when 'with' then c #> '{match,when,cues}' when 'reply' then c #> '{match,heard,cues}' else c #> '{match,say,cues}' end as cues
    from jsonb_array_elements(checks) with ordinality as e(c, ord) where c ->> 'kind' is not null
  ), cues as materialized (
    -- Most checks fall here: none of their cues stands anywhere in the call.
    select w.ord, w.kind, cue
    from wanted as w, talk, jsonb_array_elements_text(w.cues) as cue
    where strpos(case when w.kind = 'reply' then talk.buyer else talk.rep end, cue) > 0
  ), tried as materialized (
    select distinct c.ord, s.sn
    from cues as c join said as s on s.speaker = case when c.kind = 'reply' then 'buyer' else 'rep' end and strpos(s.flat, c.cue) > 0
  ), hits as materialized (
    -- What breaks a rule of kind never, keeps one of kind always, or calls for something.
    select w.ord, s.sn, s.n, s.run, s.turn, s.unclear
    from tried as t join wanted as w on w.ord = t.ord join said as s on s.sn = t.sn
    where case w.kind
      when 'never' then kpi_is_meant(s.said, w.say, w.excuse, w.in_questions, w.negatable)
      when 'always' then s.flat ~ w.say
      when 'with' then kpi_is_meant(s.said, w.occasion, w.excuse, true, true)
      when 'reply' then s.flat ~ w.heard end
    union all
    select w.ord, s.sn, s.n, s.run, s.turn, s.unclear
    from wanted as w join said as s on s.speaker = 'rep' and case
      when w.rate or w.figures = 'rates' then kpi_names_rate(s.plain) and (s.question is null or s.plain ~ '\m(?:rate|rates|apr|interest|sound|work)\M')
      when w.figures = 'limits' then s.plain ~ '\mlimits?\M' and s.question is null and s.plain !~ '\m(?:last year|used to|was|were|in 20\d\d)\M' end
    where w.rate or w.figures is not null
  ), calls as (
    -- Each answer that calls for something, and whether it came.
    select h.ord, h.sn, h.unclear or bool_or(s.unclear) as unclear, coalesce(bool_or(s.flat ~ w.say), false) as given
    from hits as h join wanted as w on w.ord = h.ord
    left join said as s on s.speaker = 'rep' and case
      when w.kind = 'reply' then s.run = h.run + 1
      when w.within_ = 'before' then s.run <= h.run
      else s.run = h.run end
    where w.kind = 'with' or w.kind = 'reply' and exists (select from said as a where a.run = h.run + 1 and a.speaker = 'rep')
    group by h.ord, h.sn, h.unclear
  ), figures as (
    select h.ord, h.sn, h.unclear, exists (
        select from regexp_matches(s.plain, '(?<![\d.])\d+(?:\.\d+)?(?![\d.])', 'g') as f(m),
          jsonb_array_elements_text(case w.figures when 'rates' then lender -> 'rates' else lender -> 'limits' end) as known(figure)
        where abs(m[1]::numeric - figure::numeric) <= case w.figures when 'rates' then 0.13 else 0 end) as given
    from hits as h join wanted as w on w.ord = h.ord and w.figures is not null join said as s on s.sn = h.sn
    where jsonb_array_length(coalesce(case w.figures when 'rates' then lender -> 'rates' else lender -> 'limits' end, '[]')) > 0
      and (w.figures = 'rates' or s.plain ~ '(?<![\d.])[2-9]\d{5}(?!\d)|(?<![\d.])1\d{6}(?!\d)')
  ), judged as (
    select w.ord,
      case
        when w.kind = 'never' then case when exists (select from hits as h where h.ord = w.ord and not h.unclear) then false
          when not exists (select from hits as h where h.ord = w.ord) then true end
        when w.kind = 'always' then case when exists (select from hits as h where h.ord = w.ord and (w.within_ <> 'opening' or h.turn <= 3)) then true
          when not (select quiet from talk) and not exists (
            select from said as s where s.speaker = 'rep' and s.unclear and (w.within_ <> 'opening' or s.turn <= 3)) then false end
        when w.kind = 'figure' then (select min(given::integer)::boolean from figures as f where f.ord = w.ord and not f.unclear)
        else (select min(given::integer)::boolean from calls as c where c.ord = w.ord and (c.given or not c.unclear)) end as kept,
      case
        when w.kind in ('never', 'always') then array(select h.sn from hits as h where h.ord = w.ord
          and case w.kind when 'never' then not h.unclear else w.within_ <> 'opening' or h.turn <= 3 end order by h.sn)
        when w.kind = 'figure' then array(select f.sn from figures as f where f.ord = w.ord and not f.given and not f.unclear order by f.sn)
        else array(select c.sn from calls as c where c.ord = w.ord and not c.given and not c.unclear
          union select min(s.sn) from calls as c join said as b on b.sn = c.sn join said as s on s.run = b.run + 1
          where c.ord = w.ord and not c.given and not c.unclear and w.kind = 'reply' group by c.sn order by 1) end as missed,
      case when w.kind in ('with', 'reply') then array(select s.sn from said as s
        where s.speaker = 'rep' and s.flat ~ w.say and exists (select from hits as h where h.ord = w.ord
          and s.run = h.run + case w.kind when 'reply' then 1 else 0 end) order by s.sn) end as given
    from wanted as w
  )
  select ord, kept, case when kept then coalesce(given, missed) when not kept then missed else '{}' end from judged
$$;

comment on function kpi_compliance(kpi_utterance[], kpi_sentence[], jsonb, jsonb) is
  'The checks of a rubric that have wordings: kept, broken or null (nothing called for it, too little said, or recognition '
  'unsure), with the sentences that show it. `lender` holds the organisation''s figures.';
