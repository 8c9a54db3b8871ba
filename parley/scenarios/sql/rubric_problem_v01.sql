create function rubric_problem(rubric jsonb) returns text
    language sql immutable parallel safe
    set search_path = pg_catalog, public
    as $$
        with criteria as (
            select c, ord - 1 as n,
                jsonb_typeof(c -> 'weight') = 'number' as weighs
            from jsonb_array_elements(case when jsonb_typeof(rubric -> 'criteria') = 'array' then rubric -> 'criteria' else '[]' end)
                with ordinality as e(c, ord)
        ), banded as (
            -- Bands of a criterion, or of its parts.
            select n, b from criteria, lateral (
                select c -> 'bands' as b where c ->> 'kind' = 'kpi' and coalesce(c -> 'parts', '[]') = '[]'
                union all
                select p -> 'bands' from jsonb_array_elements(case when jsonb_typeof(c -> 'parts') = 'array' then c -> 'parts' else '[]' end) as p
            ) as x
        )
        select case
            when rubric is null or jsonb_typeof(rubric) <> 'object' then 'is no object'
            when not exists (select from criteria) then 'criteria are missing; nothing could be scored'
            when exists (select from criteria where not coalesce(weighs, false) or (c ->> 'weight')::numeric <= 0)
                then (select format('criteria[%s].weight is %s; give every criterion a weight above 0', n, coalesce(c -> 'weight', 'null'))
                      from criteria where not coalesce(weighs, false) or (c ->> 'weight')::numeric <= 0 order by n limit 1)
            when exists (select from criteria where c ->> 'kind' is null
                    or c ->> 'kind' not in ('kpi', 'phrase', 'objection', 'topic', 'goal', 'compliance', 'judge'))
                then (select format('criteria[%s].kind is %s', n, coalesce(c -> 'kind', 'null')) from criteria where c ->> 'kind' is null
                    or c ->> 'kind' not in ('kpi', 'phrase', 'objection', 'topic', 'goal', 'compliance', 'judge') order by n limit 1)
            when not exists (select from criteria where c ->> 'kind' <> 'judge')
                then 'criteria are all of kind judge; at least one must be decided by rules'
            when exists (select from banded where jsonb_typeof(b) is distinct from 'array' or not jsonb_path_exists(b, '$[*] ? (@.share > 0)'))
                then (select format('criteria[%s].bands give no share above 0; it could never be earned', n) from banded
                      where jsonb_typeof(b) is distinct from 'array' or not jsonb_path_exists(b, '$[*] ? (@.share > 0)') order by n limit 1)
            when jsonb_typeof(rubric -> 'pass_mark') = 'number' and not (rubric ->> 'pass_mark')::numeric between 0 and 100
                then format('pass_mark is %s; marks go from 0 to 100', rubric -> 'pass_mark')
            when exists (select from criteria where c ->> 'kind' = 'phrase' and coalesce(jsonb_array_length(rubric -> 'phrases'), 0) = 0)
                then 'a criterion is of kind phrase, but the rubric has no phrases'
            when exists (select from criteria where c ->> 'kind' = 'objection' and coalesce(jsonb_array_length(rubric -> 'objections'), 0) = 0)
                then 'a criterion is of kind objection, but the rubric has no objections'
            when exists (select from criteria where c ->> 'kind' = 'goal' and coalesce(jsonb_typeof(rubric -> 'goal'), '') <> 'object')
                then 'a criterion is of kind goal, but the rubric has no goal'
        end
    $$;
comment on function rubric_problem(jsonb) is 'Why this rubric could never be satisfied or scored, in words; null when it can.';
