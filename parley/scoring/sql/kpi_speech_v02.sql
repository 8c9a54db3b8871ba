create or replace function kpi_speech(utterances kpi_utterance[], sentences kpi_sentence[], fillers jsonb, typed boolean) returns jsonb
  language sql immutable parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
  with asked as (
    select count(*) as questions, count(*) filter (where question = 'open') as open_questions
    from unnest(sentences) where speaker = 'rep' and question is not null
  ), follow_ups as (
    -- A question that takes up a word of what the buyer has just said.
    select count(distinct q.sn) as n
    from (
      select sn, run, w from unnest(sentences), unnest(content) as w where speaker = 'rep' and question is not null
    ) as q
    join (
      select run, w from unnest(sentences), unnest(content) as w where speaker = 'buyer' and length(w) >= 4
    ) as b on b.w = q.w and b.run = q.run - 1
  ), moods as (
    select speaker, round(sum(sentiment * length(text)) / sum(length(text)), 3) as mood
    from unnest(utterances) where sentiment is not null group by speaker
  ), rep as (
    select coalesce(sum(upper(r) - lower(r)), 0) as speech_s
    from (select range_agg(numrange(start_s, end_s)) as all_s from unnest(utterances) where speaker = 'rep') as x, unnest(all_s) as r
  ), filled as materialized (
    select kpi_fillers(utterances, fillers) as f
  )
  select jsonb_build_object(
    'filler_count', case when not typed then (f ->> 'count')::integer end,
    'fillers_per_minute', case when not typed and speech_s >= 10 then round(60 * (f ->> 'weighted')::numeric / speech_s, 2) end,
    'filler_ns', f -> 'ns',
    'question_count', questions,
    'open_question_count', open_questions,
    'open_question_share', case when questions > 0 then round(open_questions::numeric / questions, 3) end,
    'follow_up_count', follow_ups.n,
    'sentiment_rep', (select mood from moods where speaker = 'rep'),
    'sentiment_buyer', (select mood from moods where speaker = 'buyer'))
  from asked, follow_ups, rep, filled
$$;

comment on function kpi_speech(kpi_utterance[], kpi_sentence[], jsonb, boolean) is
  'What the rep''s speech is like: fillers, questions, follow-ups, and the tone of both sides (mean sentiment by length).';
