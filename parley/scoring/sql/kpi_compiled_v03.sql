create or replace function kpi_compiled(rubric jsonb) returns kpi_phrase[]
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  with listed as materialized (
    select (row_number() over ())::integer as p, listed.* from kpi_phrases_of(rubric) as listed
  ), told as materialized (
    -- A phrase with a single meaningful stem would match almost anything; it is matched word by word instead.
    select l.p, l.kind, l.id, l.field, l.idea, l.speaker, l.mode, s.content, cardinality(s.content) as size,
      l.mode in ('words', 'gist') and cardinality(s.content) >= 2 and strpos(s.stems, ' zzgap ') = 0 as by_words,
      case when strpos(s.stems, '|') > 0 then regexp_replace(s.stems, ' \|(?= )', '', 'g') else s.stems end as row_words
    from listed as l
    join kpi_stemmed(array(select case when phrase ~ '…|\.\.\.'
        then regexp_replace(replace(phrase, '…', '...'), '\s*\.\.\.\s*', ' zzgap ', 'g') else phrase end from listed order by p)) as s
      on s.ord = l.p
    where ltrim(s.plain, '| .') <> ''
  ), usual as (
    select speaker, w, count(*) as uses from told, unnest(content) as w group by speaker, w
  ), anchors as (
    -- Only a stem that no stop word shares tells that the phrase cannot be there.
    select distinct on (told.p) told.p, w
    from told cross join unnest(told.content) as w join usual using (speaker, w)
    where not by_words and ts_lexize('pg_catalog.english_stem', w) <> '{}'
      and w not in ('let', 'us', 'would', 'could', 'like', 'get', 'got', 'go', 'want', 'know', 'also', 'okay', 'say')
    order by told.p, uses, w
  )
  select (
  select coalesce(array_agg(row(p, kind, id, field, idea, speaker, field in ('answer', 'heard', 'accept'),
      case when not by_words then null
        when mode = 'gist' then greatest(2, ceil(0.6 * size))
        when size <= 3 then size
        else ceil(0.75 * size)
      end,
      case when by_words then content when w is not null then array[w] else '{}' end,
      row_words,
      case when gaps then replace(replace(replace(row_words, '_', '\_'), ' zzgap ', ' '), ' ', ' %') end,
      case when gaps or kind = 'forbidden'
        then ' ' || replace(replace(replace(trim(row_words), '.', '\.'), ' ', gap), gap || 'zzgap' || gap, ' (?:\S+ ){0,6}') || ' ' end,
      case when kind = 'forbidden' and field = 'say' then mode <> 'exact, no question' end, null)::kpi_phrase order by p), '{}')
  from (
    select told.*, anchors.w, not by_words and (mode = 'loose order' or strpos(row_words, ' zzgap ') > 0) as gaps,
      case mode when 'loose order' then ' (?:\| )*(?:[^| ]\S* (?:\| )*){0,2}' else ' ' end as gap
    from told left join anchors using (p)
  ) as t
  ) || array(
    -- A check's wordings, each with the words that a sentence must hold; what excuses it is one expression.
    select row(0, 'check', c ->> 'id', r.role, c_ord, r.speaker, false, null, null, null, null, ' ' || (wording ->> 1), null,
      (wording ->> 0)::tsquery)::kpi_phrase
    from jsonb_path_query(rubric, '$.compliance[*]') with ordinality as e(c, c_ord)
    cross join (values ('say', 'rep'), ('when', 'rep'), ('heard', 'buyer')) as r(role, speaker)
    cross join lateral jsonb_array_elements(c -> 'match' -> r.role) with ordinality as x(wording, x_ord)
    where c ->> 'kind' is not null
    order by c_ord, r.role, x_ord
  ) || array(
    select row(0, 'check', c ->> 'id', 'unless', c_ord, 'rep', false, null, null, null, null,
      ' (?:' || (select string_agg(y ->> 1, '|') from jsonb_array_elements(c -> 'match' -> 'unless') as y) || ')', null, null)::kpi_phrase
    from jsonb_path_query(rubric, '$.compliance[*]') with ordinality as e(c, c_ord)
    where c ->> 'kind' is not null and jsonb_array_length(c -> 'match' -> 'unless') > 0
    order by c_ord
  )
$$;

comment on function kpi_compiled(jsonb) is
  'The phrases of a rubric, spelled and stemmed once and ready to be looked for, and the wordings of its checks. Computing KPIs of many calls by one rubric '
  'needs it once.';
