-- Looking for words costs more than the insert. Whoever writes a history and has parted it already says so for the transaction; a
-- score that is written later is parted in any case.
create or replace trigger words_apart_at_once before insert on scenario_attempts
    for each row when ((new.kpis is not null or new.score_breakdown is not null or new.feedback is not null)
        and coalesce(current_setting('parley.words_apart', true), '') <> 'already')
    execute function set_words_apart();
