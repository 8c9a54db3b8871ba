create function words_due(at_most integer default 200) returns table (attempt_id uuid, recording_path text, transcript_path text)
    language sql stable
    set search_path = pg_catalog, public
    as $$
        select a.id, r.path::text, t.path::text
        from scenario_attempts a
        join orgs o on o.id = a.org_id
        left join attempt_recordings r on r.attempt_id = a.id
        left join attempt_transcripts t on t.attempt_id = a.id
        where a.status not in ('created', 'live') and (r.attempt_id is not null or t.attempt_id is not null)
          and coalesce(a.ended_at, a.created_at) < now() - o.retention_days * interval '1 day'
        order by a.ended_at limit at_most
    $$;
comment on function words_due(integer) is 'Attempts whose sound and words are older than their organisation keeps them, with the paths of the files.';

create function forget_words(attempt_ids uuid[]) returns integer
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
