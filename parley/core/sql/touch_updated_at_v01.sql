create function touch_updated_at() returns trigger
    language plpgsql
    set search_path = pg_catalog, public
as $$
begin
    new.updated_at := now();
    return new;
end
$$;
comment on function touch_updated_at() is 'Trigger: updated_at says when the row last changed, whoever changed it.';
