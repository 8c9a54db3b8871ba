create function kpi_utterances(transcript jsonb) returns kpi_utterance[]
  language plpgsql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
declare
  problem text;
  result kpi_utterance[];
begin
  if jsonb_typeof(transcript) <> 'array' then
    raise exception 'transcript is %, not a list of utterances', jsonb_typeof(transcript)
      using errcode = '22023', hint = 'Give a JSON list of objects with speaker, start, end and text.';
  end if;
  select format('transcript[%s]%s', ord - 1, case
      when jsonb_typeof(u) <> 'object' then ' is no object'
      when u ->> 'speaker' is null or u ->> 'speaker' not in ('rep', 'buyer')
        then format('.speaker is %s; use rep or buyer', coalesce(u -> 'speaker', 'null'))
      when jsonb_typeof(u -> 'text') is distinct from 'string' then '.text is no text'
      when jsonb_typeof(u -> 'start') is distinct from 'number' then '.start is no number of seconds'
      when jsonb_typeof(u -> 'end') is distinct from 'number' then '.end is no number of seconds'
      when (u ->> 'start')::numeric < 0 then '.start lies before the call'
      when (u ->> 'end')::numeric < (u ->> 'start')::numeric then '.end lies before its start'
      when (u ->> 'end')::numeric > 86400 then '.end lies more than a day after the call began'
    end)
  into problem
  from jsonb_array_elements(transcript) with ordinality as e(u, ord)
  where case
      when jsonb_typeof(u) <> 'object' then true
      when coalesce(u ->> 'speaker', '') not in ('rep', 'buyer') then true
      when jsonb_typeof(u -> 'text') is distinct from 'string' then true
      when jsonb_typeof(u -> 'start') is distinct from 'number' or jsonb_typeof(u -> 'end') is distinct from 'number' then true
      else (u ->> 'start')::numeric < 0 or (u ->> 'end')::numeric < (u ->> 'start')::numeric or (u ->> 'end')::numeric > 86400
    end
  order by ord limit 1;
  if problem is not null then
    raise exception '%', problem using errcode = '22023', hint = 'docs/reference/schemas/transcript.json says how a transcript looks.';
  end if;

  with said as (
    select
      row_number() over (order by (u ->> 'start')::numeric, (u ->> 'speaker') = 'buyer', ord)::integer as n,
      case when jsonb_typeof(u -> 'i') = 'number' and (u ->> 'i')::numeric between 0 and 1000000
        then (u ->> 'i')::numeric::integer else (ord - 1)::integer end as i,
      u ->> 'speaker' as speaker,
      round((u ->> 'start')::numeric, 3) as start_s,
      round(case when jsonb_typeof(u -> 'heard_until') = 'number'
        then greatest((u ->> 'start')::numeric, least((u ->> 'end')::numeric, (u ->> 'heard_until')::numeric))
        else (u ->> 'end')::numeric end, 3) as end_s,
      round((u ->> 'end')::numeric, 3) as planned_end_s,
      u ->> 'text' as text,
      case when jsonb_typeof(u -> 'words') = 'array' then u -> 'words' end as words,
      case when jsonb_typeof(u -> 'tags') = 'array'
        then array(select t from jsonb_array_elements_text(u -> 'tags') as t) else '{}' end as tags,
      case when jsonb_typeof(u -> 'sentiment') = 'number'
        then greatest(-1, least(1, (u ->> 'sentiment')::numeric)) end as sentiment
    from jsonb_array_elements(transcript) with ordinality as e(u, ord)
    where u ->> 'text' ~ '\w'
  ), neighbours as (
    select *, lag(speaker) over w as speaker_before, lead(speaker) over w as speaker_after,
      lag(end_s) over w as end_before, lag(text) over w as text_before, lag(start_s) over w as start_before
    from said
    window w as (order by n)
  ), asides as (
    -- A back-channel inside or between the other's words takes no turn; after a question the same word is an answer.
    select *, speaker_before <> speaker
      and (end_s <= end_before or speaker_after <> speaker and text_before !~ '\?[^\w]*$')
      and kpi_is_backchannel(text) as aside
    from neighbours
  ), changes as (
    select *, case when not coalesce(aside, false)
      and speaker is distinct from lag(speaker) over (partition by coalesce(aside, false) order by n) then 1 else 0 end as change
    from asides
  )
  select coalesce(array_agg(row(n, i, speaker, start_s, end_s, planned_end_s, text, words, tags, sentiment,
      coalesce(aside, false), run)::kpi_utterance order by n), '{}')
  into result
  from (
    select *, (sum(change) over (order by n))::integer as run from changes
  ) as numbered;
  return result;
end
$$;

comment on function kpi_utterances(jsonb) is
  'A transcript checked and put in order: by start, then rep first; silent entries left out; a buyer''s words end where they '
  'were last heard. Raises invalid_parameter_value naming the utterance and field when it is malformed.';
