-- Who changed what. Nobody has a grant to insert, update or delete: the trigger writes as the owner, so code can neither
-- forget it nor rewrite it.
alter table audit_log enable row level security;
alter table audit_log force row level security;
create policy audit_log_owner on audit_log to parley_owner using (true) with check (true);
create policy audit_log_service on audit_log for select to parley_service using (true);
create policy audit_log_read on audit_log for select to parley_authenticated
    using (org_id = (select claim_org_id()) and (select claim_role()) = 'admin');
grant select on audit_log to parley_authenticated, parley_service;

create function audit() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, public
as $$
declare
    -- Secrets never enter the log; columns that only say when, or that are long and versioned anyway, would drown it.
    hidden constant text[] := array['secret', 'updated_at', 'last_login_at', 'branching', 'rubric', 'persona'];
    before jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - hidden end;
    after jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - hidden end;
    named jsonb := coalesce(after, before);
begin
    if tg_op = 'UPDATE' then
        select jsonb_object_agg(b.key, b.value), jsonb_object_agg(b.key, after -> b.key) into before, after
        from jsonb_each(before) as b where b.value is distinct from after -> b.key;
        if before is null then
            return null;
        end if;
    end if;
    insert into audit_log (org_id, table_name, row_id, action, old, new, acted_as, actor_id, reason, origin, at)
    values (
        case when tg_table_name = 'orgs' then named ->> 'id' else named ->> 'org_id' end::uuid,
        tg_table_name, coalesce(named ->> 'id', ''), lower(tg_op), before, after,
        coalesce(nullif(current_setting('role', true), 'none'), session_user),
        nullif(current_setting('jwt.claims.user_id', true), '')::uuid,
        coalesce(current_setting('parley.service_reason', true), ''),
        coalesce(current_setting('parley.origin', true), ''),
        clock_timestamp());
    return null;
end
$$;
comment on function audit() is 'Trigger: one audit_log entry per changed row; of an update only the columns that changed, never secrets.';
revoke all on function audit() from public;
