-- Runs as the owner, past policies, because row-level security keeps full text and trigrams from their indexes: so it names the
-- claims and, for each kind, who may see what. Attempts are found by scenario and person, never by words that were said.
create or replace function search_all(words text, at_most integer default 6)
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
    terms text[];
    begins tsquery;
    stems tsquery;
    longest text;
begin
    -- Not as an option of the function: a restore may not set what the extension has not declared yet.
    perform set_config('pg_trgm.word_similarity_threshold', '0.45', true);
    if org is null or words !~ '[[:alnum:]]' or length(words) > 100 then
        return;
    end if;
    if as_role = 'manager' then
        people := managed_user_ids();
    end if;
    terms := array(select t from unnest(regexp_split_to_array(search_document(words), '[^[:alnum:]]+')) as t where t <> '');
    begins := to_tsquery('simple', array_to_string(terms, ':* & ') || ':*');
    longest := (select t from unnest(terms) as t order by length(t) desc, t limit 1);
    stems := to_tsquery('english', longest || ':*');
    return query
        with scenario as materialized (
            select s.id, s.key::text as key, s.title::text as title, s.code::text as note,
                search_document(s.title, s.code, s.vertical, s.persona ->> 'name', s.summary) as doc
            from scenarios s where s.org_id = org and s.status = 'published'
        ), scenarios_found as materialized (
            select * from (
                select s.id, s.key, s.title, s.note, search_matches(words, s.doc) as rank, search_matches(words, s.title) as by_title
                from scenario s
                where to_tsvector('simple', s.doc) @@ begins or longest operator(public.<%) s.doc
                    or to_tsvector('english', s.doc) @@ stems) as s
            where s.rank > 0 order by s.by_title desc, s.rank desc, s.title limit at_most
        ), people_begun as materialized (
            select u.id, concat_ws(' ', u.first_name, u.last_name) as title, u.role::text as note, 1::real as rank
            from users u
            where u.org_id = org and u.is_active
              and to_tsvector('simple', search_document(u.first_name, u.last_name, u.email)) @@ begins
            order by title limit at_most
        ), people_alike as materialized (
            -- Slips of the fingers are looked for where beginnings do not fill the list.
            select * from (
                select u.id, concat_ws(' ', u.first_name, u.last_name) as title, u.role::text as note,
                    search_matches(words, concat_ws(' ', u.first_name, u.last_name, u.email)) as rank
                from users u
                where (select count(*) from people_begun) < at_most and length(longest) > 3 and u.org_id = org and u.is_active
                  and longest operator(public.<%) search_document(u.first_name, u.last_name, u.email)) as u
            where u.rank > 0 and u.id not in (select b.id from people_begun b)
            order by u.rank desc, u.title limit at_most
        ), people_found as materialized (
            select * from (select * from people_begun union all select * from people_alike) as p
            order by p.rank desc, p.title limit at_most
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
