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
