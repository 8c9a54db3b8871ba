create function blank_quotes(data jsonb) returns jsonb
    language plpgsql immutable parallel safe strict
    set search_path = pg_catalog, public
as $$
declare
    result jsonb;
begin
    if jsonb_typeof(data) = 'object' then
        select coalesce(jsonb_object_agg(e.key, case when e.key in ('quote', 'text', 'say_instead') and jsonb_typeof(e.value) = 'string'
            then '""'::jsonb else blank_quotes(e.value) end), '{}') into result from jsonb_each(data) as e;
        return result;
    elsif jsonb_typeof(data) = 'array' then
        select coalesce(jsonb_agg(blank_quotes(e.value) order by e.ord), '[]') into result
        from jsonb_array_elements(data) with ordinality as e(value, ord);
        return result;
    end if;
    return data;
end
$$;
comment on function blank_quotes(jsonb) is 'The same JSON without what anybody said: every quote, text and say_instead is empty. Numbers stay.';
