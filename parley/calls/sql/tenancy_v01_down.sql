do $$
declare p record;
begin
    for p in select policyname, tablename from pg_policies
             where tablename in ('scenario_attempts', 'attempt_utterances', 'attempt_transcripts', 'attempt_recordings') loop
        execute format('drop policy %I on %I', p.policyname, p.tablename);
        execute format('alter table %I no force row level security', p.tablename);
        execute format('alter table %I disable row level security', p.tablename);
    end loop;
end $$;
drop function may_read_attempt(uuid, boolean);
drop function manages_user(uuid);
