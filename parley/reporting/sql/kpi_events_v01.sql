create function kpi_events(transcript jsonb, rubric jsonb, kpis jsonb)
    returns table (kind text, name text, n integer, utterance_i integer, at_ms integer, outcome text)
    language plpgsql immutable parallel safe
    set search_path = pg_catalog, public
as $$
declare
    u kpi_utterance[] := kpi_utterances(transcript);
    fillers jsonb := case when jsonb_typeof(rubric -> 'fillers') = 'array' and rubric -> 'fillers' <> '[]'
        then rubric -> 'fillers' else kpi_default_fillers() end;
    typed boolean := coalesce((kpis ->> 'typed')::boolean, false);
    filled jsonb;
    ns integer[];
begin
    -- Each measure of the whole call is taken once, then its rows are laid out.
    if not typed and coalesce((kpis ->> 'filler_count')::integer, 1) > 0 then
        filled := kpi_fillers(u, fillers);
        ns := array(select v::integer from jsonb_array_elements_text(filled -> 'ns') as v);
        return query
            select 'filler', 'filler', (row_number() over (order by x.n, g))::integer, x.i, (1000 * x.start_s)::integer, ''
            from unnest(u) as x, lateral generate_series(1, case when (filled ->> 'count')::integer = cardinality(ns) then 1
                else (kpi_fillers(array[x], fillers) ->> 'count')::integer end) as g
            where x.n = any (ns);
    end if;
    if not typed and coalesce((kpis ->> 'interruptions_by_rep')::integer, 1) > 0 then
        ns := array(select v::integer from jsonb_array_elements_text(kpi_flow(u, '{}', false) -> 'cuts') as v);
        return query
            select 'interruption', 'by rep', (row_number() over (order by x.n))::integer, x.i, (1000 * x.start_s)::integer, ''
            from unnest(u) as x
            where x.n = any (ns);
    end if;
    return query
        select 'question', s.question, (row_number() over (partition by s.question order by s.sn))::integer, s.i, s.start_ms, ''
        from unnest(kpi_sentences(u)) as s
        where s.speaker = 'rep' and s.question is not null;
    return query
        select 'objection', (o ->> 'tag') || ':' || step, (row_number() over (partition by o ->> 'tag', step order by ord))::integer,
            (o ->> 'raised_at')::integer,
            (select (1000 * x.start_s)::integer from unnest(u) as x where x.i = (o ->> 'raised_at')::integer limit 1),
            case when (o ->> step)::boolean then 'done' else 'missed' end
        from jsonb_path_query(kpis, '$.objections[*]') with ordinality as e(o, ord),
            unnest(array['listened', 'acknowledged', 'explored', 'answered', 'confirmed']) as step
        where o ->> step is not null;
    return query
        select 'compliance', c ->> 'id', (row_number() over (partition by c ->> 'id' order by ord, at))::integer, at,
            (select (1000 * x.start_s)::integer from unnest(u) as x where x.i = at limit 1), c ->> 'severity'
        from jsonb_path_query(kpis, '$.compliance[*] ? (@.outcome == "fail")') with ordinality as e(c, ord)
            left join lateral (select a::integer as at from jsonb_array_elements_text(c -> 'at') as a) as places on true;
end
$$;
comment on function kpi_events(jsonb, jsonb, jsonb) is
    'Each thing that was counted in a call, with its time: fillers, interruptions, questions, objection steps, compliance findings. '
    'n counts within kind and name; at_ms is null where a finding is that something was never said.';
