create or replace function forget_words(attempt_ids uuid[]) returns integer
    language plpgsql volatile
    set search_path = pg_catalog, public
as $$
declare
    forgotten integer;
begin
    delete from attempt_recordings r where r.attempt_id = any (attempt_ids);
    delete from attempt_transcripts t where t.attempt_id = any (attempt_ids);
    delete from attempt_utterances u where u.attempt_id = any (attempt_ids);
    -- Of the feedback stays what it says in its own words; scenario_attempts holds only numbers anyway.
    delete from attempt_words w where w.attempt_id = any (attempt_ids) and jsonb_typeof(w.feedback) is distinct from 'object';
    update attempt_words w
    set kpis = null, score_breakdown = null,
        feedback = jsonb_build_object('summary', unquoted(w.feedback ->> 'summary'), 'next_step', unquoted(w.feedback ->> 'next_step'),
            'writer', w.feedback -> 'writer', 'quotes', '[]'::jsonb, 'strengths', '[]'::jsonb, 'try', null)
    where w.attempt_id = any (attempt_ids);
    select count(*) into forgotten from scenario_attempts a where a.id = any (attempt_ids);
    return forgotten;
end
$$;
comment on function forget_words(uuid[]) is
    'Delete sound and words of these attempts, and what score and feedback quote; numbers stay. Twice changes nothing.';

create function unquoted(sentence text) returns text
    language sql immutable parallel safe strict
    set search_path = pg_catalog, public
    as $$ select regexp_replace(sentence, '(["“«„])[^"”»“]*["”»“]', '“…”', 'g') $$;
comment on function unquoted(text) is 'The sentence without what stands between quotation marks.';
