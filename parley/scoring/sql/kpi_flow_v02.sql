create or replace function kpi_flow(utterances kpi_utterance[], raised integer[], typed boolean) returns jsonb
  language sql immutable parallel safe
  set search_path = pg_catalog, public, pg_temp
as $$
  with u as materialized (
    select *, regexp_count(text, '[[:alnum:]]+(?:[''’.,-][[:alnum:]]+)*') as word_count from unnest(utterances)
  ), speech as (
    select
      coalesce((select sum(upper(r) - lower(r)) from unnest(range_agg(numrange(start_s, end_s)) filter (where speaker = 'rep')) as r), 0) as rep_s,
      coalesce((select sum(upper(r) - lower(r)) from unnest(range_agg(numrange(start_s, end_s)) filter (where speaker = 'buyer')) as r), 0) as buyer_s,
      coalesce(sum(word_count) filter (where speaker = 'rep'), 0) as rep_words,
      coalesce(max(end_s), 0) as duration_s
    from u
  ), runs as materialized (
    select run, speaker, sum(end_s - start_s) as speech_s, sum(word_count) as words, min(n) as first_n, max(n) as last_n,
      min(start_s) as start_s, max(end_s) as end_s,
      lag(speaker) over w as speaker_before, lag(max(end_s)) over w as end_before,
      lag(array_agg(n)) over w as ns_before
    from u where not aside
    group by run, speaker
    window w as (order by run)
  ), cuts as (
    -- Who began 0.3 s or more before the other's words would have ended, and took the floor.
    select distinct a.n, a.speaker
    from u as a join u as b on b.speaker <> a.speaker and not b.aside and b.start_s < a.start_s
    where not a.aside and not kpi_is_backchannel(a.text) and a.end_s >= b.end_s
      and (b.planned_end_s - a.start_s >= 0.3 and a.start_s <= b.end_s + 0.3
        or 'cut' = any (b.tags) and a.start_s between b.start_s and b.end_s + 0.5)
  ), turns as (
    select greatest(0, start_s - end_before) as gap_s
    from runs
    where speaker = 'rep' and speaker_before = 'buyer' and first_n not in (select n from cuts where speaker = 'rep')
  ), pace as (
    -- The rep's turns right after an objection against all other turns.
    select
      sum(words) filter (where after) as words_after, sum(speech_s) filter (where after) as s_after,
      sum(words) filter (where not after) as words_other, sum(speech_s) filter (where not after) as s_other
    from (select words, speech_s, coalesce(ns_before && raised, false) as after from runs where speaker = 'rep') as r
  ), longest as (
    select
      (select first_n from runs where speaker = 'rep' order by speech_s desc, run limit 1) as monologue_n,
      max(speech_s) filter (where speaker = 'rep') as monologue_s,
      max(speech_s) filter (where speaker = 'buyer') as story_s,
      count(*) filter (where speaker_before is not null) as switches
    from runs
  )
  select jsonb_build_object(
    'duration_s', round(duration_s, 2),
    'rep_speech_s', round(rep_s, 2),
    'buyer_speech_s', round(buyer_s, 2),
    'rep_words', rep_words,
    'talk_ratio', case when enough and buyer_s > 0 then round(rep_s / (rep_s + buyer_s), 3) end,
    'talk_listen', case when enough and buyer_s > 0
      then format('%s:%s', round(100 * rep_s / (rep_s + buyer_s)), 100 - round(100 * rep_s / (rep_s + buyer_s))) end,
    'words_per_minute', case when not typed and rep_s >= 10 then round(60 * rep_words / rep_s, 1) end,
    'interruptions_by_rep', case when not typed then (select count(*) from cuts where speaker = 'rep') end,
    'interruptions_by_buyer', case when not typed then (select count(*) from cuts where speaker = 'buyer') end,
    'longest_monologue_s', round(monologue_s, 2),
    'longest_buyer_story_s', round(story_s, 2),
    'patience_s', case when not typed
      then (select round(percentile_cont(0.5) within group (order by gap_s)::numeric, 2) from turns having count(*) >= 2) end,
    'pace_jump_wpm', case when not typed and s_after >= 3 and s_other >= 10
      then round(60 * words_after / s_after - 60 * words_other / s_other, 1) end,
    'interactivity_per_minute', case when enough then round(60 * switches / (rep_s + buyer_s), 2) end,
    'cuts', (select coalesce(jsonb_agg(n order by n), '[]') from cuts where speaker = 'rep'),
    'monologue_n', monologue_n)
  from speech, pace, longest, lateral (select rep_s + buyer_s >= 10 as enough) as e
$$;

comment on function kpi_flow(kpi_utterance[], integer[], boolean) is
  'How the talk flowed: speech seconds, ratio, pace, interruptions, monologues, patience. `raised` are the n of utterances with '
  'an objection. The buyer''s own delay enters none of them but duration_s. Seconds; null when there is too little to judge.';
