-- Runs as the owner, past policies, because row-level security keeps full text and trigrams from their indexes: so it names the
-- claims and, for each kind, who may see what. Attempts are found by scenario and person, never by words that were said.
create function search_matches(words text, what text) returns real
    language plpgsql immutable parallel safe
    set search_path = pg_catalog, public
as $$
declare
    doc constant text := lower(public.unaccent('public.unaccent'::regdictionary, what));
    word text;
    least_found real := 1;
    found real;
begin
    foreach word in array regexp_split_to_array(lower(public.unaccent('public.unaccent'::regdictionary, words)), '[^[:alnum:]]+') loop
        continue when word = '';
        found := case
            when to_tsvector('simple', doc) @@ to_tsquery('simple', word || ':*') then 1
            when length(word) > 3 and to_tsvector('english', doc) @@ to_tsquery('english', word || ':*') then 0.9
            -- A slip of the fingers: three letters in four agree in their neighbourhoods.
            when length(word) > 3 then public.word_similarity(word, doc)
            else 0 end;
        if found < 0.45 then
            return 0;
        end if;
        least_found := least(least_found, found);
    end loop;
    return least_found;
end
$$;
comment on function search_matches(text, text) is
    '0..1: how well a text answers all of these words, by their beginnings (1), their stems (0.9), or alike letters (from 0.45); else 0.';

create function search_all(words text, at_most integer default 6)
    returns table (kind text, id uuid, key text, title text, note text, happened_at timestamptz, rank real)
    language plpgsql stable security definer
    set search_path = pg_catalog, public
as $$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    me constant uuid := claim_user_id();
    as_role constant text := claim_role();
    people uuid[] := '{}';
begin
    if org is null or words !~ '[[:alnum:]]' or length(words) > 100 then
        return;
    end if;
    if as_role = 'manager' then
        people := managed_user_ids();
    end if;
    return query
        with scenario as materialized (
            select s.id, s.key::text as key, s.title::text as title, s.code::text as note,
                search_matches(words, concat_ws(' ', s.title, s.code, s.vertical, s.persona ->> 'name', s.summary)) as rank,
                search_matches(words, s.title) as by_title
            from scenarios s where s.org_id = org and s.status = 'published'
        ), scenarios_found as materialized (
            select * from scenario where rank > 0 order by by_title desc, rank desc, title limit at_most
        ), person as materialized (
            select u.id, concat_ws(' ', u.first_name, u.last_name) as title, u.role::text as note,
                search_matches(words, concat_ws(' ', u.first_name, u.last_name, u.email)) as rank
            from users u where u.org_id = org and u.is_active
        ), people_found as materialized (
            select * from person where rank > 0 order by rank desc, title limit at_most
        ), track_found as (
            select t.id, t.title::text as title, t.status::text as note, search_matches(words, concat_ws(' ', t.title, t.summary)) as rank
            from tracks t where t.org_id = org and (t.status = 'published' or as_role in ('admin', 'manager'))
        ), attempt_found as (
            select a.id, a.created_at, a.scenario_id, a.user_id, f.rank * 0.8 as rank
            from scenarios_found f cross join lateral (
                select a.id, a.created_at, a.scenario_id, a.user_id from scenario_attempts a
                where a.org_id = org and a.user_id = me and a.scenario_id = f.id and a.status <> 'abandoned'
                order by a.created_at desc limit 3) a
            union
            -- Of others, official ones alone, and only of people whom one answers for.
            select a.id, a.created_at, a.scenario_id, a.user_id, f.rank * 0.8
            from people_found f cross join lateral (
                select a.id, a.created_at, a.scenario_id, a.user_id from scenario_attempts a
                where a.org_id = org and a.user_id = f.id and a.status <> 'abandoned'
                  and (a.user_id = me or a.mode = 'official')
                order by a.created_at desc limit 3) a
            where f.id = me or as_role in ('admin', 'hr') or f.id = any (people)
        )
        select * from (
            (select 'scenario'::text, f.id, f.key, f.title, f.note, null::timestamptz, f.rank::real from scenarios_found f)
            union all
            (select 'person', f.id, '', f.title, f.note, null, f.rank::real from people_found f)
            union all
            (select 'track', f.id, '', f.title, f.note, null, f.rank::real from track_found f where f.rank > 0
             order by f.rank desc, f.title limit at_most)
            union all
            (select 'attempt', f.id, '', s.title::text, concat_ws(' ', u.first_name, u.last_name), f.created_at, f.rank::real
             from attempt_found f join scenarios s on s.id = f.scenario_id join users u on u.id = f.user_id
             order by f.rank desc, f.created_at desc limit at_most)
        ) as everything;
end
$$;
comment on function search_all(text, integer) is
    'Published scenarios, people, tracks and attempts of the acting member''s organisation that answer all of these words, so many of each '
    'kind. Attempts: one''s own, and official ones of the people below (managers) or of everybody (admin, hr), by scenario and person.';
revoke all on function search_all(text, integer) from public;
grant execute on function search_all(text, integer) to parley_authenticated;
