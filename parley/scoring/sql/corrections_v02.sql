-- Overrides and disputes are about official attempts. The rep reads what is about their own; managers and admins what they answer
-- for; hr nothing, because reasons speak about what was said.

create function may_correct_attempt(attempt uuid, rep uuid) returns boolean
    language sql stable parallel safe
    set search_path = pg_catalog, public
    as $$
        select exists (
            select from scenario_attempts a
            where a.id = attempt and a.user_id = rep and a.org_id = claim_org_id() and a.mode = 'official'
              and a.user_id <> claim_user_id() and claim_role() in ('admin', 'manager'))
    $$;
comment on function may_correct_attempt(uuid, uuid) is
    'May the acting member override the score of this attempt of this rep: an official one that they answer for, never their own?';

alter table criterion_overrides enable row level security;
alter table criterion_overrides force row level security;
create policy criterion_overrides_owner on criterion_overrides to parley_owner using (true) with check (true);
create policy criterion_overrides_service on criterion_overrides to parley_service using (true) with check (true);
create policy criterion_overrides_read on criterion_overrides for select to parley_authenticated
    using (org_id = (select claim_org_id())
           and (user_id = (select claim_user_id()) or (select claim_role() = 'admin')
                or (select claim_role() = 'manager') and user_id in (select unnest(managed_user_ids()))));
create policy criterion_overrides_add on criterion_overrides for insert to parley_authenticated
    with check (org_id = (select claim_org_id()) and by_id = (select claim_user_id()) and may_correct_attempt(attempt_id, user_id));
-- Append-only: whoever changes their mind adds another.
grant select, insert on criterion_overrides to parley_authenticated;
grant select, insert, update, delete on criterion_overrides to parley_service;
create trigger audit after insert or update or delete on criterion_overrides for each row execute function audit();

alter table criterion_disputes enable row level security;
alter table criterion_disputes force row level security;
create policy criterion_disputes_owner on criterion_disputes to parley_owner using (true) with check (true);
create policy criterion_disputes_service on criterion_disputes to parley_service using (true) with check (true);
create policy criterion_disputes_read on criterion_disputes for select to parley_authenticated
    using (org_id = (select claim_org_id())
           and (user_id = (select claim_user_id()) or (select claim_role() = 'admin')
                or (select claim_role() = 'manager') and user_id in (select unnest(managed_user_ids()))));
create policy criterion_disputes_open on criterion_disputes for insert to parley_authenticated
    with check (org_id = (select claim_org_id()) and user_id = (select claim_user_id()) and status = 'open'
                and exists (select from scenario_attempts a
                            where a.id = attempt_id and a.user_id = (select claim_user_id()) and a.mode = 'official'));
create policy criterion_disputes_settle on criterion_disputes for update to parley_authenticated
    using (org_id = (select claim_org_id()) and (user_id = (select claim_user_id()) or may_correct_attempt(attempt_id, user_id)))
    with check (org_id = (select claim_org_id()) and (user_id = (select claim_user_id()) or may_correct_attempt(attempt_id, user_id)));
grant select, insert on criterion_disputes to parley_authenticated;
grant update (status, answer, answered_by_id, answered_at) on criterion_disputes to parley_authenticated;
grant select, insert, update, delete on criterion_disputes to parley_service;
create trigger audit after insert or update or delete on criterion_disputes for each row execute function audit();

create function guard_dispute() returns trigger
    language plpgsql
    set search_path = pg_catalog, public
as $$
begin
    if old is not distinct from new then
        return new;
    end if;
    -- Whoever answered may be erased later; nothing else of a settled dispute changes.
    if new.answered_by_id is null and old.answered_by_id is not null
        and to_jsonb(old) - 'answered_by_id'::text = to_jsonb(new) - 'answered_by_id'::text then
        return new;
    end if;
    if to_jsonb(old) - '{status,answer,answered_by_id,answered_at}'::text[]
        is distinct from to_jsonb(new) - '{status,answer,answered_by_id,answered_at}'::text[] then
        raise exception 'dispute %: what was disputed stays as it was written', old.id using errcode = '23514';
    end if;
    if old.status <> 'open' or new.status = 'open' then
        raise exception 'dispute % is %; it cannot become %', old.id, old.status, new.status using errcode = '23514';
    end if;
    if current_user = 'parley_authenticated' and (new.status = 'withdrawn') <> (old.user_id = claim_user_id()) then
        raise exception 'dispute %: its rep withdraws it, others answer it', old.id using errcode = '42501';
    end if;
    if current_user = 'parley_authenticated' and new.status <> 'withdrawn' and new.answered_by_id is distinct from claim_user_id() then
        raise exception 'dispute %: whoever answers signs', old.id using errcode = '42501';
    end if;
    return new;
end
$$;
comment on function guard_dispute() is 'Trigger: an open dispute is withdrawn by its rep, or accepted or declined by somebody else; once.';
create trigger guard before update on criterion_disputes for each row execute function guard_dispute();

-- Scoring history again is for admins; the installation does it.
alter table rescores enable row level security;
alter table rescores force row level security;
create policy rescores_owner on rescores to parley_owner using (true) with check (true);
create policy rescores_service on rescores to parley_service using (true) with check (true);
create policy rescores_read on rescores for select to parley_authenticated
    using (org_id = (select claim_org_id()) and (select claim_role()) = 'admin');
create policy rescores_ask on rescores for insert to parley_authenticated
    with check (org_id = (select claim_org_id()) and (select claim_role()) = 'admin' and by_id = (select claim_user_id())
                and status = 'queued');
grant select, insert on rescores to parley_authenticated;
grant select, insert, update, delete on rescores to parley_service;
create trigger audit after insert or update or delete on rescores for each row execute function audit();

create function guard_rescore() returns trigger
    language plpgsql
    set search_path = pg_catalog, public
as $$
begin
    if (old.org_id, old.scenario_id, old.measure_again) is distinct from (new.org_id, new.scenario_id, new.measure_again)
        or new.status <> old.status and not (old.status, new.status) in (
            ('queued', 'running'), ('queued', 'failed'), ('running', 'done'), ('running', 'failed')) then
        raise exception 'rescore % is %; it cannot become %', old.id, old.status, new.status using errcode = '23514';
    end if;
    return new;
end
$$;
comment on function guard_rescore() is 'Trigger: queued -> running -> done, or failed; of which version it is never changes.';
create trigger guard before update on rescores for each row execute function guard_rescore();
