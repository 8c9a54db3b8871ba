drop function unquoted(text);
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
    update scenario_attempts a
    set kpis = blank_quotes(a.kpis), score_breakdown = blank_quotes(a.score_breakdown),
        feedback = case when jsonb_typeof(a.feedback) = 'object' then jsonb_build_object('summary', a.feedback -> 'summary',
            'next_step', a.feedback -> 'next_step', 'writer', a.feedback -> 'writer', 'quotes', '[]'::jsonb, 'strengths', '[]'::jsonb,
            'try', null) else a.feedback end
    where a.id = any (attempt_ids);
    get diagnostics forgotten = row_count;
    return forgotten;
end
$$;
comment on function forget_words(uuid[]) is
    'Delete sound and words of these attempts and blank what breakdown and feedback quote; numbers stay. Twice changes nothing.';
