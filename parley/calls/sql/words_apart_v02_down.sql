create or replace trigger words_apart_at_once before insert on scenario_attempts
    for each row when (new.kpis is not null or new.score_breakdown is not null or new.feedback is not null)
    execute function set_words_apart();
