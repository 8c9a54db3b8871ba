-- The life of an attempt, guarded where everybody must pass.
create function guard_attempt() returns trigger
    language plpgsql
    set search_path = pg_catalog, public
as $$
begin
    if (new.id, new.org_id, new.user_id, new.scenario_id, new.mode, new.kind, new.seed, new.user_role, new.brief, new.rubric)
        is distinct from
       (old.id, old.org_id, old.user_id, old.scenario_id, old.mode, old.kind, old.seed, old.user_role, old.brief, old.rubric) then
        raise exception 'attempt %: what it is held and scored by was frozen when it began', old.id using errcode = '23514';
    end if;
    if new.status <> old.status and not (old.status, new.status) in (
        ('created', 'live'), ('created', 'abandoned'), ('created', 'ended'), ('created', 'failed'),
        ('live', 'ended'), ('live', 'abandoned'), ('live', 'failed'),
        ('ended', 'scored'), ('ended', 'failed'), ('scored', 'failed'),
        ('failed', 'ended'), ('failed', 'scored')) then
        raise exception 'attempt % is %; it cannot become %', old.id, old.status, new.status using errcode = '23514';
    end if;
    if new.status <> old.status and new.status in ('ended', 'scored', 'failed') and current_user = 'parley_authenticated' then
        raise exception 'attempt %: only the installation marks a call %', old.id, new.status using errcode = '42501';
    end if;
    return new;
end
$$;
comment on function guard_attempt() is
    'Trigger: created -> live -> ended -> scored, with ways out to abandoned and failed; nothing goes back, and what was frozen stays.';
create trigger guard before update on scenario_attempts for each row execute function guard_attempt();

create function freeze_attempt_person() returns trigger
    language plpgsql
    set search_path = pg_catalog, public
as $$
begin
    select u.role, u.team_id into new.user_role, new.team_id from users u where u.id = new.user_id;
    new.user_role := coalesce(new.user_role, '');
    return new;
end
$$;
comment on function freeze_attempt_person() is 'Trigger: role and team of the rep as they were when the attempt began.';
create trigger freeze_person before insert on scenario_attempts
    for each row when (new.user_role = '' or current_user = 'parley_authenticated') execute function freeze_attempt_person();

create trigger touch before update on scenario_attempts for each row execute function touch_updated_at();

alter table scenario_attempts add constraint attempts_user_same_org
    foreign key (org_id, user_id) references users (org_id, id) deferrable initially deferred not valid;
alter table scenario_attempts add constraint attempts_scenario_same_org
    foreign key (org_id, scenario_id) references scenarios (org_id, id) deferrable initially deferred not valid;

-- Managers see what hangs below their teams. One array per statement instead of one look-up per row.
alter policy attempts_read_official on scenario_attempts
    using (org_id = (select claim_org_id()) and mode = 'official'
           and ((select claim_role()) in ('admin', 'hr')
                or ((select claim_role()) = 'manager' and user_id = any ((select managed_user_ids())::uuid[]))));
