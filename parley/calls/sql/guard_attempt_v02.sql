create or replace function guard_attempt() returns trigger
    language plpgsql
    set search_path = pg_catalog, public
as $$
begin
    if (new.id, new.org_id, new.user_id, new.scenario_id, new.mode, new.kind, new.seed, new.user_role, new.brief)
        is distinct from
       (old.id, old.org_id, old.user_id, old.scenario_id, old.mode, old.kind, old.seed, old.user_role, old.brief)
       -- The rubric changes only when the call is scored again by another version, which leaves the earlier score in the history.
       or new.rubric is distinct from old.rubric
          and (current_user = 'parley_authenticated' or jsonb_array_length(new.score_history) <= jsonb_array_length(old.score_history)) then
        raise exception 'attempt %: what it is held and scored by was frozen when it began', old.id using errcode = '23514';
    end if;
    if jsonb_array_length(new.score_history) < jsonb_array_length(old.score_history) then
        raise exception 'attempt %: earlier scores stay in the history', old.id using errcode = '23514';
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
    'Trigger: created -> live -> ended -> scored, with ways out to abandoned and failed; nothing goes back, what was frozen stays, and '
    'the rubric changes only with the earlier score kept in the history.';
