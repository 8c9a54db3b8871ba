create function set_org_claim(org_id uuid) returns void
    language plpgsql volatile
    set search_path = pg_catalog, public
as $$
begin
    -- Whoever acts in one organisation may move to another that the same person belongs to; the claims change together.
    if not exists (select from switchable_claims(set_org_claim.org_id)) then
        raise exception 'the acting person is no active user of organisation %', org_id using errcode = '42501';
    end if;
    perform set_config('jwt.claims.user_id', c.user_id::text, true), set_config('jwt.claims.role', c.role, true),
        set_config('jwt.claims.org_id', set_org_claim.org_id::text, true)
    from switchable_claims(set_org_claim.org_id) as c;
end
$$;
comment on function set_org_claim(uuid) is
    'Move the acting person to another organisation they belong to, for the rest of the transaction: org, user and role together. '
    'Raises insufficient_privilege when they do not belong to it, or when nobody acts.';

create function switchable_claims(org_id uuid) returns table (user_id uuid, role text)
    language sql stable security definer
    set search_path = pg_catalog, public
    as $$
        select there.id, there.role::text
        from users here join users there on there.identity_id = here.identity_id
        where here.id = claim_user_id() and here.org_id = claim_org_id() and here.is_active
          and there.org_id = switchable_claims.org_id and there.is_active
    $$;
comment on function switchable_claims(uuid) is 'Who the acting person is in that organisation; no row when they do not belong to it.';
revoke all on function switchable_claims(uuid) from public;
revoke all on function set_org_claim(uuid) from public;
grant execute on function switchable_claims(uuid), set_org_claim(uuid) to parley_authenticated;
