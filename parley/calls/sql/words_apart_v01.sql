-- HR reads numbers, never words. What a score and its feedback quote therefore stands in attempt_words, behind the policy of
-- transcripts; scenario_attempts keeps the same documents without a word. Whoever writes, writes whole documents to
-- scenario_attempts as ever: the trigger parts them.

create function holds_words(document jsonb) returns boolean
    language sql immutable parallel safe
    set search_path = pg_catalog, public
    as $$
        -- Only names and sentences that our own code makes may be strings; a key that is new here counts as somebody's words.
        select coalesce(
            jsonb_path_exists(document, 'strict $.** ? (@.type() == "object").keyvalue() ? (@.value.type() == "string" && @.value != ""
                && @.key != "id" && @.key != "outcome" && @.key != "severity" && @.key != "tag" && @.key != "why" && @.key != "label"
                && @.key != "unit" && @.key != "kind" && @.key != "measure" && @.key != "talk_listen" && @.key != "gate"
                && @.key != "capped_by" && @.key != "abstained_why" && @.key != "model" && @.key != "prompt_version")')
            or jsonb_path_exists(document, 'strict $.** ? (@.type() == "array")[*] ? (@.type() == "string")')
            or jsonb_typeof(document) = 'string', false)
    $$;
comment on function holds_words(jsonb) is
    'Does this document hold a string that is no name or sentence of our own making? Such are somebody''s words.';

create function without_words(document jsonb) returns jsonb
    language plpgsql immutable parallel safe strict
    set search_path = pg_catalog, public
as $$
declare
    parted jsonb := document;
begin
    if jsonb_typeof(parted -> 'evidence') = 'object' then
        parted := jsonb_set(parted, '{evidence}', '{}');
    end if;
    -- What a judge says about a criterion is written by reading the call.
    if jsonb_typeof(parted -> 'judged') = 'array' then
        parted := jsonb_set(parted, '{judged}', coalesce((
            select jsonb_agg(case when jsonb_typeof(k) = 'object' then k || '{"why": ""}' else 'null' end order by ord)
            from jsonb_array_elements(parted -> 'judged') with ordinality as e(k, ord)), '[]'));
    end if;
    if jsonb_typeof(parted -> 'criteria') = 'array' then
        parted := jsonb_set(parted, '{criteria}', coalesce((
            select jsonb_agg(case when jsonb_typeof(c) <> 'object' then 'null'
                when c ->> 'kind' = 'judge' and c ->> 'why' is not null then c || '{"evidence": [], "why": ""}'
                when c ? 'evidence' then c || '{"evidence": []}' else c end order by ord)
            from jsonb_array_elements(parted -> 'criteria') with ordinality as e(c, ord)), '[]'));
    end if;
    if holds_words(parted) then
        parted := only_numbers(parted);
    end if;
    return parted;
end
$$;
comment on function without_words(jsonb) is
    'KPIs or breakdown as HR may read them: the same document without evidence, a judge''s reasons and any other words. Numbers stay.';

create function only_numbers(document jsonb) returns jsonb
    language plpgsql immutable parallel safe strict
    set search_path = pg_catalog, public
as $$
begin
    if jsonb_typeof(document) = 'object' then
        return (select coalesce(jsonb_object_agg(e.key, case
                when jsonb_typeof(e.value) = 'string' and holds_words(jsonb_build_object(e.key, e.value)) then '""'
                when jsonb_typeof(e.value) = 'string' then e.value
                else only_numbers(e.value) end), '{}')
            from jsonb_each(document) as e);
    elsif jsonb_typeof(document) = 'array' then
        return (select coalesce(jsonb_agg(only_numbers(e.value) order by e.ord), '[]')
            from jsonb_array_elements(document) with ordinality as e(value, ord));
    end if;
    return case when jsonb_typeof(document) = 'string' then '""' else document end;
end
$$;
comment on function only_numbers(jsonb) is 'The same JSON with every string that holds_words made empty.';

create function feedback_without_words(feedback jsonb) returns jsonb
    language sql immutable parallel safe strict
    set search_path = pg_catalog, public
    as $$
        select case when jsonb_typeof(feedback) = 'object' then jsonb_build_object('writer',
            substring(feedback ->> 'writer' from '^[A-Za-z0-9_.:/-]{1,80}$')) end
    $$;
comment on function feedback_without_words(jsonb) is
    'Who wrote the feedback, and with it that there is some. All else in it is words about what was said.';

create function set_words_apart() returns trigger
    language plpgsql
    set search_path = pg_catalog, public
as $$
declare
    whole scenario_attempts := new;
    kept scenario_attempts := case when tg_op = 'UPDATE' then old end;
    kpis_changed boolean;
    breakdown_changed boolean;
    feedback_changed boolean;
begin
    new.kpis := without_words(whole.kpis);
    new.score_breakdown := without_words(whole.score_breakdown);
    new.feedback := feedback_without_words(whole.feedback);
    if tg_op = 'INSERT' and new.kpis is not distinct from whole.kpis and new.score_breakdown is not distinct from whole.score_breakdown
        and new.feedback is not distinct from whole.feedback then
        return new;
    end if;
    -- A document that comes back as it was read, without words, takes nothing away.
    kpis_changed := whole.kpis is distinct from new.kpis
        or kept.kpis is distinct from new.kpis and without_words(kept.kpis) is distinct from new.kpis;
    breakdown_changed := whole.score_breakdown is distinct from new.score_breakdown
        or kept.score_breakdown is distinct from new.score_breakdown
            and without_words(kept.score_breakdown) is distinct from new.score_breakdown;
    feedback_changed := whole.feedback is distinct from new.feedback
        or feedback_without_words(kept.feedback) is distinct from new.feedback;
    if kpis_changed or breakdown_changed or feedback_changed then
        insert into attempt_words as w (attempt_id, org_id, kpis, score_breakdown, feedback)
        values (new.id, new.org_id, nullif(whole.kpis, new.kpis), nullif(whole.score_breakdown, new.score_breakdown),
            nullif(whole.feedback, new.feedback))
        on conflict (attempt_id) do update set
            kpis = case when kpis_changed then excluded.kpis else w.kpis end,
            score_breakdown = case when breakdown_changed then excluded.score_breakdown else w.score_breakdown end,
            feedback = case when feedback_changed then excluded.feedback else w.feedback end;
    end if;
    return new;
end
$$;
comment on function set_words_apart() is
    'Trigger: KPIs, breakdown and feedback keep their numbers; the documents with their words go to attempt_words.';
create trigger words_apart before update of kpis, score_breakdown, feedback on scenario_attempts
    for each row execute function set_words_apart();
create trigger words_apart_at_once before insert on scenario_attempts
    for each row when (new.kpis is not null or new.score_breakdown is not null or new.feedback is not null)
    execute function set_words_apart();

alter table attempt_words enable row level security;
alter table attempt_words force row level security;
create policy attempt_words_owner on attempt_words to parley_owner using (true) with check (true);
create policy attempt_words_service on attempt_words to parley_service using (true) with check (true);
create policy attempt_words_read on attempt_words for select to parley_authenticated
    using (org_id = (select claim_org_id()) and may_read_attempt(attempt_id, true));
grant select on attempt_words to parley_authenticated;
grant select, insert, update, delete on attempt_words to parley_service;
