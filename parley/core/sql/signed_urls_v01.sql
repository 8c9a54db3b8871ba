-- Signed addresses: HMAC-SHA-256 over path and expiry, with a key that no role but the owner can read.
create table storage_keys (
    id smallint primary key default 1 check (id = 1),
    key bytea not null check (length(key) = 32),
    made_at timestamptz not null default now()
);
comment on table storage_keys is 'The key that storage addresses are signed with; made here, read by functions of the owner alone.';
insert into storage_keys (key) values (sha256((gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text)::bytea));

create function hmac_sha256(message bytea, key bytea) returns bytea
    language plpgsql immutable parallel safe strict
    set search_path = pg_catalog, public
as $$
declare
    block bytea := case when length(key) > 64 then sha256(key) else key end;
    inner_pad bytea := decode(repeat('36', 64), 'hex');
    outer_pad bytea := decode(repeat('5c', 64), 'hex');
begin
    for i in 0..length(block) - 1 loop
        inner_pad := set_byte(inner_pad, i, get_byte(inner_pad, i) # get_byte(block, i));
        outer_pad := set_byte(outer_pad, i, get_byte(outer_pad, i) # get_byte(block, i));
    end loop;
    return sha256(outer_pad || sha256(inner_pad || message));
end
$$;
comment on function hmac_sha256(bytea, bytea) is 'HMAC-SHA-256 as in RFC 2104, 32 bytes.';

create function storage_signature(path text, expires bigint) returns text
    language sql stable security definer
    set search_path = pg_catalog, public
    as $$
        select encode(hmac_sha256(convert_to('parley.storage' || E'\n' || path || E'\n' || expires, 'UTF8'), k.key), 'hex')
        from storage_keys k
    $$;
comment on function storage_signature(text, bigint) is
    'The signature of bucket/path until `expires` (Unix seconds), in hex. For grant_signed_url and is_signed_url alone.';
revoke all on function storage_signature(text, bigint) from public;

create function is_signed_url(path text, expires bigint, signature text) returns boolean
    language sql volatile security definer
    set search_path = pg_catalog, public
    as $$
        -- Hashes of both are compared, so that how long it takes says nothing about how much was right.
        select expires > extract(epoch from clock_timestamp())
            and sha256(convert_to(storage_signature(path, expires), 'UTF8')) = sha256(convert_to(signature, 'UTF8'))
    $$;
comment on function is_signed_url(text, bigint, text) is 'Does the signature fit this path and expiry, and is it still in time?';
revoke all on function is_signed_url(text, bigint, text) from public;
grant execute on function is_signed_url(text, bigint, text) to parley_authenticator, parley_authenticated, parley_service;
