create function remove_newcomers(newcomers uuid[]) returns uuid[]
    language plpgsql volatile security definer
    set search_path = pg_catalog, public
as $$
declare
    gone uuid[];
begin
    if claim_org_id() is null or claim_role() <> 'admin' then
        raise exception 'only an admin may remove people who never came' using errcode = '42501';
    end if;
    -- Who signed in, practised, leads a team or gave something to others stays.
    gone := array(
        select u.id from users u
        where u.id = any (newcomers) and u.org_id = claim_org_id() and u.identity_id is null and u.last_login_at is null
            and not exists (select from scenario_attempts a where a.user_id = u.id)
            and not exists (select from teams t where t.manager_id = u.id)
            and not exists (select from assignments a where a.assigned_by_id = u.id)
        for update of u);
    delete from assignments a where a.user_id = any (gone);
    delete from consents c where c.user_id = any (gone);
    delete from dim_users d where d.user_id = any (gone);
    delete from users u where u.id = any (gone);
    update audit_log l set old = null, new = null
        where l.org_id = claim_org_id() and l.table_name = 'users' and l.row_id = any (gone::text[]);
    return gone;
end
$$;
comment on function remove_newcomers(uuid[]) is
    'Remove those of these people in whose name nobody has signed in or done anything yet, and what the audit log knew of them; '
    'for admins, of their own organisation. Returns whom.';
revoke all on function remove_newcomers(uuid[]) from public;
grant execute on function remove_newcomers(uuid[]) to parley_authenticated;
