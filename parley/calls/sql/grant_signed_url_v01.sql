create function may_read_object(bucket text, path text) returns boolean
    language sql stable security definer
    set search_path = pg_catalog, public
    as $$
        -- This runs as the owner, past all policies: so it names the claims and the rules itself.
        select case
            when current_setting('role', true) = 'parley_service' then true
            when claim_org_id() is null or claim_user_id() is null then false
            when bucket in ('recordings', 'transcripts') then exists (
                select from scenario_attempts a
                left join attempt_recordings r on r.attempt_id = a.id
                left join attempt_transcripts t on t.attempt_id = a.id
                where a.org_id = claim_org_id()
                  and a.id::text = substring(may_read_object.path from '^[0-9a-f-]{36}/([0-9a-f-]{36})\.[a-z0-9]+$')
                  and case bucket when 'recordings' then r.path = may_read_object.path
                      else may_read_object.path in (t.path, regexp_replace(t.path, 'json$', 'txt')) end
                  and (a.user_id = claim_user_id()
                       or a.mode = 'official' and (claim_role() = 'admin'
                           or claim_role() = 'manager' and a.user_id = any (managed_user_ids()))))
            when bucket in ('avatars', 'org-assets', 'scenario-assets') then path like claim_org_id() || '/%'
            when bucket = 'exports' then path like claim_org_id() || '/' || claim_user_id() || '/%'
            else false
        end
    $$;
comment on function may_read_object(text, text) is
    'May the acting member read this stored object? Sound and words as their attempt, never by hr; exports by whoever made them; tmp by nobody.';
revoke all on function may_read_object(text, text) from public;

create function grant_signed_url(path text, ttl integer) returns text
    language plpgsql volatile security definer
    set search_path = pg_catalog, public
as $$
declare
    bucket text := split_part(path, '/', 1);
    object text := substr(path, length(split_part(path, '/', 1)) + 2);
    expires bigint := floor(extract(epoch from clock_timestamp()))::bigint + ttl;
begin
    if bucket not in ('recordings', 'transcripts', 'avatars', 'org-assets', 'scenario-assets', 'exports', 'tmp')
        or object !~ '^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$' or object ~ '(^|/)\.\.?(/|$)' then
        raise exception 'storage path % is no bucket/folder/name', path using errcode = '22023';
    end if;
    if ttl is null or ttl not between 1 and 86400 then
        raise exception 'a signed address lives from 1 to 86400 seconds, not %', ttl using errcode = '22023';
    end if;
    if not may_read_object(bucket, object) then
        raise exception 'the acting person may not read %', path using errcode = '42501';
    end if;
    return format('/storage/%s?expires=%s&signature=%s', path, expires, storage_signature(path, expires));
end
$$;
comment on function grant_signed_url(text, integer) is
    'An address on this installation that opens bucket/path for `ttl` seconds. Decides access by the claims; the address carries no '
    'other check. Raises insufficient_privilege.';
revoke all on function grant_signed_url(text, integer) from public;
grant execute on function grant_signed_url(text, integer) to parley_authenticated, parley_service;
