create or replace function search_document(variadic parts text[]) returns text
    language plpgsql immutable parallel safe
as $$
begin
    -- Every name is qualified instead of a search_path: indexes are made of this, and a setting per row would cost more than the rest.
    return pg_catalog.lower(public.unaccent('public.unaccent'::pg_catalog.regdictionary, pg_catalog.array_to_string(parts, ' ')));
end
$$;
comment on function search_document(text[]) is
    'The parts as one text in small letters without accents, as search compares it. Indexes of users are made of it.';
