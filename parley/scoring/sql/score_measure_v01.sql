create function score_measure(measure text) returns jsonb
  language sql immutable parallel safe strict
  set search_path = pg_catalog, public, pg_temp
as $$
  select jsonb_build_object(
    'duration_s', '["Duration", "s"]'::jsonb,
    'talk_ratio', '["Talk ratio", "share"]'::jsonb,
    'words_per_minute', '["Pace", "words per minute"]'::jsonb,
    'filler_count', '["Fillers", "fillers"]'::jsonb,
    'fillers_per_minute', '["Fillers per minute", "per minute"]'::jsonb,
    'interruptions_by_rep', '["Interruptions", "times"]'::jsonb,
    'interruptions_by_buyer', '["Interrupted by the buyer", "times"]'::jsonb,
    'longest_monologue_s', '["Longest monologue", "s"]'::jsonb,
    'longest_buyer_story_s', '["Longest buyer story", "s"]'::jsonb,
    'patience_s', '["Patience", "s"]'::jsonb,
    'pace_jump_wpm', '["Pace jump after an objection", "words per minute"]'::jsonb,
    'interactivity_per_minute', '["Interactivity", "switches per minute"]'::jsonb,
    'question_count', '["Questions", "questions"]'::jsonb,
    'open_question_count', '["Open questions", "open questions"]'::jsonb,
    'open_question_share', '["Share of open questions", "share"]'::jsonb,
    'follow_up_count', '["Follow-up questions", "follow-ups"]'::jsonb,
    'sentiment_rep', '["Sentiment of the rep", "-1 to 1"]'::jsonb,
    'sentiment_buyer', '["Sentiment of the buyer", "-1 to 1"]'::jsonb,
    'discovery_share', '["Discovery topics asked", "share"]'::jsonb,
    'motive_found', '["Motive found", "yes or no"]'::jsonb,
    'objection_share', '["Objections handled", "share"]'::jsonb) -> measure
$$;

comment on function score_measure(text) is 'Label and unit of a KPI that a criterion may be measured by; null when unknown.';
