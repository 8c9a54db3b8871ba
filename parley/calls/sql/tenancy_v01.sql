-- Practice is the rep's alone. Official attempts: also the managers of the rep's team, admin and hr; hr never reads words or sound.

create function manages_user(who uuid) returns boolean
    language sql stable parallel safe
    set search_path = pg_catalog, public
    as $$
        select exists (
            select 1 from users u join teams t on t.id = u.team_id
            where u.id = who and t.manager_id = claim_user_id() and u.org_id = claim_org_id())
    $$;
comment on function manages_user(uuid) is 'Does the acting member manage the team of this user?';

create function may_read_attempt(attempt uuid, words boolean) returns boolean
    language sql stable parallel safe
    set search_path = pg_catalog, public
    as $$
        select exists (
            select 1 from scenario_attempts a
            where a.id = attempt and a.org_id = claim_org_id()
              and (a.user_id = claim_user_id() or not words or claim_role() <> 'hr'))
    $$;
comment on function may_read_attempt(uuid, boolean) is
    'May the acting member see this attempt (policies of scenario_attempts decide), and with words = true its transcript and sound?';

alter table scenario_attempts enable row level security;
alter table scenario_attempts force row level security;
create policy attempts_owner on scenario_attempts to parley_owner using (true) with check (true);
create policy attempts_service on scenario_attempts to parley_service using (true) with check (true);
create policy attempts_read_own on scenario_attempts for select to parley_authenticated
    using (org_id = (select claim_org_id()) and user_id = (select claim_user_id()));
create policy attempts_read_official on scenario_attempts for select to parley_authenticated
    using (org_id = (select claim_org_id()) and mode = 'official'
           and ((select claim_role()) in ('admin', 'hr')
                or ((select claim_role()) = 'manager' and manages_user(user_id))));
create policy attempts_start_own on scenario_attempts for insert to parley_authenticated
    with check (org_id = (select claim_org_id()) and user_id = (select claim_user_id())
                and status = 'created' and kpis is null and score is null and score_breakdown is null and feedback is null);
create policy attempts_change_own on scenario_attempts for update to parley_authenticated
    using (org_id = (select claim_org_id()) and user_id = (select claim_user_id()))
    with check (org_id = (select claim_org_id()) and user_id = (select claim_user_id()));
-- A rep steers the life of the call; what it was held and scored by, and the score, are not theirs to write.
grant select, insert on scenario_attempts to parley_authenticated;
grant update (status, token_id, token_used, started_at, heartbeat_at, ended_at, duration_s, end_reason, updated_at)
    on scenario_attempts to parley_authenticated;
grant select, insert, update, delete on scenario_attempts to parley_service;

alter table attempt_utterances enable row level security;
alter table attempt_utterances force row level security;
create policy attempt_utterances_owner on attempt_utterances to parley_owner using (true) with check (true);
create policy attempt_utterances_service on attempt_utterances to parley_service using (true) with check (true);
grant select, insert, update, delete on attempt_utterances to parley_service;
grant usage, select on sequence attempt_utterances_id_seq to parley_service;

alter table attempt_transcripts enable row level security;
alter table attempt_transcripts force row level security;
create policy attempt_transcripts_owner on attempt_transcripts to parley_owner using (true) with check (true);
create policy attempt_transcripts_service on attempt_transcripts to parley_service using (true) with check (true);
create policy attempt_transcripts_read on attempt_transcripts for select to parley_authenticated
    using (org_id = (select claim_org_id()) and may_read_attempt(attempt_id, true));
grant select on attempt_transcripts to parley_authenticated;
grant select, insert, update, delete on attempt_transcripts to parley_service;

alter table attempt_recordings enable row level security;
alter table attempt_recordings force row level security;
create policy attempt_recordings_owner on attempt_recordings to parley_owner using (true) with check (true);
create policy attempt_recordings_service on attempt_recordings to parley_service using (true) with check (true);
create policy attempt_recordings_read on attempt_recordings for select to parley_authenticated
    using (org_id = (select claim_org_id()) and may_read_attempt(attempt_id, true));
grant select on attempt_recordings to parley_authenticated;
grant select, insert, update, delete on attempt_recordings to parley_service;
