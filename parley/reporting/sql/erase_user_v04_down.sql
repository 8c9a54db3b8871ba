create or replace function erase_user(erased uuid) returns boolean
    language plpgsql volatile security definer
    set search_path = pg_catalog, public
as $$
declare
    org uuid;
    identity uuid;
    attempts uuid[];
begin
    select u.org_id, u.identity_id into org, identity from users u where u.id = erased for update;
    if not found then
        return false;
    end if;
    if current_setting('role', true) <> 'parley_service' and (org is distinct from claim_org_id() or claim_role() <> 'admin') then
        raise exception 'only an admin of the organisation may erase user %', erased using errcode = '42501';
    end if;
    attempts := array(select a.id from scenario_attempts a where a.user_id = erased);

    -- Facts stay, without the person.
    update fact_scenario_attempts f set user_id = null, user_key = null where f.user_id = erased;
    update fact_kpi_events f set user_id = null where f.user_id = erased;
    delete from dim_users d where d.user_id = erased;

    delete from attempt_recordings r where r.attempt_id = any (attempts);
    delete from attempt_transcripts t where t.attempt_id = any (attempts);
    delete from attempt_utterances t where t.attempt_id = any (attempts);
    delete from attempt_words w where w.attempt_id = any (attempts);
    delete from scenario_attempts a where a.id = any (attempts);
    delete from assignments a where a.user_id = erased;
    update assignments a set assigned_by_id = null where a.assigned_by_id = erased;
    update teams t set manager_id = null where t.manager_id = erased;
    delete from consents c where c.user_id = erased;
    delete from users u where u.id = erased;
    update webhook_deliveries d set payload = d.payload - 'user' - 'attempt' where d.org_id = org and d.payload #>> '{user,id}' = erased::text;
    update events e set actor_id = null, data = '{}' where e.org_id = org and (e.actor_id = erased or e.subject_id = erased);

    -- The log keeps that something changed, not what was known about the person.
    update audit_log l set old = null, new = null where l.org_id = org
        and (l.table_name = 'users' and l.row_id = erased::text
             or coalesce(l.old, '{}') @> jsonb_build_object('user_id', erased) or coalesce(l.new, '{}') @> jsonb_build_object('user_id', erased));
    update audit_log l set actor_id = null, origin = '' where l.org_id = org and l.actor_id = erased;

    if identity is not null and not exists (select from users u where u.identity_id = identity) then
        delete from api_tokens t where t.identity_id = identity;
        delete from mfa_authenticator m where m.user_id = identity;
        delete from socialaccount_socialtoken t using socialaccount_socialaccount a where t.account_id = a.id and a.user_id = identity;
        delete from socialaccount_socialaccount a where a.user_id = identity;
        delete from django_session s using usersessions_usersession u where s.session_key = u.session_key and u.user_id = identity;
        delete from usersessions_usersession u where u.user_id = identity;
        delete from account_emailconfirmation c using account_emailaddress e where c.email_address_id = e.id and e.user_id = identity;
        delete from account_emailaddress e where e.user_id = identity;
        delete from identities i where i.id = identity;
    end if;
    return true;
end
$$;
comment on function erase_user(uuid) is
    'Erase a person: profile, calls, words, consents, sign-in; facts stay without them. For the installation and admins of the '
    'organisation. False when there is no such user. Files are deleted by whoever calls, before.';
