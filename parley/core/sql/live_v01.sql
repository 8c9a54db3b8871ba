-- Events tell of themselves when their transaction commits, and carry its number, in which order nothing is overlooked: ids are
-- given out before the commit, so a reader who goes by id can pass an event that is not there yet.
alter table events alter column tx set default (pg_current_xact_id()::text)::bigint;
comment on column events.tx is 'Number of the transaction that recorded it; null before live updates.';

create function tell_events() returns trigger
    language plpgsql
    set search_path = pg_catalog, public
as $$
begin
    perform pg_notify('parley_live', json_build_object('org', org_id, 'what', event)::text)
    from (select distinct n.org_id, n.event from new_events n) as told;
    return null;
end
$$;
comment on function tell_events() is 'NOTIFY parley_live once per organisation and kind of event that a statement records.';
create trigger tell after insert on events referencing new table as new_events for each statement execute function tell_events();

create function tell_change() returns trigger
    language plpgsql
    set search_path = pg_catalog, public
as $$
declare
    changed constant jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
begin
    perform pg_notify('parley_live', json_build_object(
        'org', changed ->> case when tg_table_name = 'orgs' then 'id' else 'org_id' end, 'what', 'changed:' || tg_table_name)::text);
    return null;
end
$$;
comment on function tell_change() is 'NOTIFY parley_live that a row of this table changed in its organisation; caches forget what they made of it.';
