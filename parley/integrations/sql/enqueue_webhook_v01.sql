create function enqueue_webhook(event text, payload jsonb) returns integer
    language plpgsql volatile security definer
    set search_path = pg_catalog, public
as $$
declare
    named uuid := nullif(payload #>> '{org,id}', '')::uuid;
    org uuid := claim_org_id();
    key uuid := coalesce(nullif(payload ->> 'idempotency_key', '')::uuid, gen_random_uuid());
    written integer;
begin
    if org is null and current_setting('role', true) = 'parley_service' then
        org := named;  -- the installation names the organisation in the payload
    end if;
    if org is null or named is distinct from org and named is not null then
        raise exception 'webhook %: the payload speaks for organisation %, the caller for %', event, named, org
            using errcode = '42501';
    end if;
    insert into webhook_deliveries (id, org_id, webhook_id, event, idempotency_key, payload, status, tries, next_try_at,
        response_body, last_error, created_at, updated_at)
    select gen_random_uuid(), w.org_id, w.id, enqueue_webhook.event, key,
        enqueue_webhook.payload || jsonb_build_object('event', enqueue_webhook.event, 'idempotency_key', key),
        'pending', 0, now(), '', '', now(), now()
    from webhooks w
    where w.org_id = org and w.enabled and enqueue_webhook.event = any (w.events)
    on conflict (webhook_id, idempotency_key) do nothing;
    get diagnostics written = row_count;
    return written;
end
$$;
comment on function enqueue_webhook(text, jsonb) is
    'Write one pending delivery per enabled webhook of the organisation that subscribes to the event, in the caller''s transaction; '
    'returns how many. The same idempotency_key again writes nothing. Members speak for their own organisation only.';
revoke all on function enqueue_webhook(text, jsonb) from public;
grant execute on function enqueue_webhook(text, jsonb) to parley_authenticated, parley_service;
