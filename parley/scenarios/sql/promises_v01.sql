-- A published version is what attempts were held by: it can be archived, not edited.
create function keep_published_version() returns trigger
    language plpgsql
    set search_path = pg_catalog, public
as $$
begin
    if to_jsonb(old) - '{status,updated_at}'::text[] is distinct from to_jsonb(new) - '{status,updated_at}'::text[] then
        raise exception 'scenario % version % is %; a published version is not edited', old.key, old.version, old.status
            using errcode = '23514', hint = 'Save the change as the next version.';
    end if;
    if new.status = 'draft' then
        raise exception 'scenario % version % is %; it cannot become a draft again', old.key, old.version, old.status
            using errcode = '23514', hint = 'Save a draft as the next version.';
    end if;
    return new;
end
$$;
comment on function keep_published_version() is 'Trigger: of a published or archived version only the status changes.';
create trigger published before update on scenarios
    for each row when (old.status <> 'draft') execute function keep_published_version();

-- Whatever cannot be scored is refused where it is saved, not after somebody's call.
create function check_rubric() returns trigger
    language plpgsql
    set search_path = pg_catalog, public
as $$
declare
    problem text := rubric_problem(new.rubric);
begin
    if problem is not null then
        raise exception 'rubric of scenario %: %', new.key, problem using errcode = '23514';
    end if;
    return new;
end
$$;
comment on function check_rubric() is 'Trigger: refuses a rubric with a rubric_problem.';
create trigger rubric before insert or update of rubric on scenarios for each row execute function check_rubric();

create trigger touch before update on scenarios for each row execute function touch_updated_at();
create trigger audit after insert or update or delete on scenarios for each row execute function audit();

-- Lender data: everybody in the organisation reads it, admins and managers write it.
alter table lender_facts enable row level security;
alter table lender_facts force row level security;
create policy lender_facts_owner on lender_facts to parley_owner using (true) with check (true);
create policy lender_facts_service on lender_facts to parley_service using (true) with check (true);
create policy lender_facts_read on lender_facts for select to parley_authenticated using (org_id = (select claim_org_id()));
create policy lender_facts_write on lender_facts to parley_authenticated
    using (org_id = (select claim_org_id()) and (select claim_role()) in ('admin', 'manager'))
    with check (org_id = (select claim_org_id()) and (select claim_role()) in ('admin', 'manager'));
grant select, insert, update, delete on lender_facts to parley_authenticated, parley_service;
create trigger touch before update on lender_facts for each row execute function touch_updated_at();
create trigger audit after insert or update or delete on lender_facts for each row execute function audit();
