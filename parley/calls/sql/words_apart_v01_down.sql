drop trigger words_apart on scenario_attempts;
drop trigger words_apart_at_once on scenario_attempts;
update scenario_attempts a
    set kpis = coalesce(w.kpis, a.kpis), score_breakdown = coalesce(w.score_breakdown, a.score_breakdown), feedback = w.feedback
    from attempt_words w where w.attempt_id = a.id;
set constraints all immediate;
drop policy attempt_words_owner on attempt_words; drop policy attempt_words_service on attempt_words;
drop policy attempt_words_read on attempt_words;
drop function set_words_apart(); drop function feedback_without_words(jsonb); drop function without_words(jsonb); drop function only_numbers(jsonb); drop function holds_words(jsonb);
