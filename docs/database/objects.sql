-- Written from the catalogue by `manage.py write_catalogue`; a test compares. Do not edit.

-- function apply_rescore(uuid)
CREATE OR REPLACE FUNCTION public.apply_rescore(rescore uuid)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  with run as materialized (
    select r.id, r.by_id, r.measure_again, s.id as scenario_id, s.rubric, s.version
    from rescores as r join scenarios as s on s.id = r.scenario_id where r.id = rescore and r.status = 'running'
  ), found as materialized (
    select f.* from run, lateral rescored(run.scenario_id, run.measure_again) as f
  ), written as (
    update scenario_attempts as a
    set kpis = coalesce(f.new_kpis, a.kpis), score = (f.after ->> 'total')::numeric, score_breakdown = f.after, rubric = run.rubric,
      versions = a.versions || jsonb_build_object('rubric', run.rubric -> 'version', 'rubric_from', run.version),
      scored_at = clock_timestamp(), updated_at = now(),
      score_history = a.score_history || jsonb_build_array(score_entry(a.score_breakdown, a.scored_at, a.versions,
        jsonb_build_object('cause', 'rescore', 'by', run.by_id, 'rescore', run.id, 'move', f.move)
        -- A published version says later what the earlier rubric was; of a draft it is kept here.
        || case when a.versions ? 'rubric_from' or exists (select from scenarios as s where s.id = a.scenario_id and s.status <> 'draft')
          then '{}' else jsonb_build_object('rubric', a.rubric) end))
    from found as f, run
    where a.id = f.attempt_id and not f.kept and a.status = 'scored'
      -- Measuring again what comes out the same leaves no trace.
      and (f.from_version <> run.version or f.new_kpis is not null or f.move is not null)
  )
  update rescores as r
  set status = 'done', finished_at = clock_timestamp(), attempts = n.attempts, moved = n.moved, newly_passed = n.newly_passed,
    newly_failed = n.newly_failed, kept = n.kept
  from run, (
    select count(*) filter (where not f.kept) as attempts, count(*) filter (where f.kept) as kept,
      count(*) filter (where f.before -> 'total' is distinct from f.after -> 'total') as moved,
      count(*) filter (where f.after -> 'passed' = 'true' and f.before -> 'passed' <> 'true') as newly_passed,
      count(*) filter (where f.before -> 'passed' = 'true' and f.after -> 'passed' <> 'true') as newly_failed
    from found as f
  ) as n
  where r.id = run.id
$function$;

-- function assignment_rows(text,uuid,uuid,uuid,text,integer,integer)
CREATE OR REPLACE FUNCTION public.assignment_rows(in_state text DEFAULT ''::text, in_team uuid DEFAULT NULL::uuid, of_user uuid DEFAULT NULL::uuid, of_track uuid DEFAULT NULL::uuid, of_scenario text DEFAULT ''::text, at_most integer DEFAULT 50, from_row integer DEFAULT 0)
 RETURNS TABLE(assignment_id uuid, user_id uuid, user_name text, team_id uuid, team_name text, title text, scenario_key text, track_id uuid, due_at timestamp with time zone, given_at timestamp with time zone, steps integer, steps_done integer, attempts integer, best_score numeric, done_at timestamp with time zone, next_key text, state text, matching bigint)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    teams constant uuid[] := teams_in_view(in_team);
begin
    return query
    with row as (
        select p.*, u.team_id as now_on, coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email) as user_name,
            case when p.done_at is not null then 'done' when p.due_at < now() then 'overdue' else 'open' end as state
        from mv_assignment_progress p join users u on u.id = p.user_id
        where p.org_id = org and u.is_active and (teams is null or u.team_id = any (teams))
          and (of_user is null or p.user_id = of_user) and (of_track is null or p.track_id = of_track)
    )
    select r.assignment_id, r.user_id, r.user_name::text, r.now_on, coalesce(t.name, '')::text, coalesce(k.title, s.title)::text,
        s.key::text, r.track_id, r.due_at, r.given_at, r.steps, r.steps_done, r.attempts, r.best_score, r.done_at, r.next_key::text,
        r.state, count(*) over ()
    from row r left join teams t on t.id = r.now_on left join tracks k on k.id = r.track_id left join scenarios s on s.id = r.scenario_id
    where (in_state = '' or r.state = in_state) and (of_scenario = '' or s.key = of_scenario)
    order by r.state = 'overdue' desc, r.state = 'open' desc, case when r.state = 'done' then null else r.due_at end nulls last,
        r.done_at desc nulls last, r.user_name, r.assignment_id
    limit at_most offset from_row;
end
$function$;

-- function assignment_totals(uuid,uuid,text)
CREATE OR REPLACE FUNCTION public.assignment_totals(in_team uuid DEFAULT NULL::uuid, of_track uuid DEFAULT NULL::uuid, of_scenario text DEFAULT ''::text)
 RETURNS TABLE(title text, track_id uuid, scenario_key text, team_id uuid, given bigint, done bigint, overdue bigint, begun bigint)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    teams constant uuid[] := teams_in_view(in_team);
begin
    return query
    with sums as (
        select p.track_id, p.scenario_id, u.team_id, count(*) as given, count(p.done_at) as done,
            count(*) filter (where p.done_at is null and p.due_at < now()) as overdue,
            count(*) filter (where p.done_at is null and p.attempts > 0) as begun
        from mv_assignment_progress p join users u on u.id = p.user_id
        where p.org_id = org and u.is_active and (teams is null or u.team_id = any (teams))
          and (of_track is null or p.track_id = of_track)
        group by 1, 2, 3
    )
    select coalesce(k.title, s.title)::text, x.track_id, s.key::text, x.team_id, x.given, x.done, x.overdue, x.begun
    from sums x left join tracks k on k.id = x.track_id left join scenarios s on s.id = x.scenario_id
    where of_scenario = '' or s.key = of_scenario
    order by 1, x.team_id;
end
$function$;

-- function audit()
CREATE OR REPLACE FUNCTION public.audit()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
    -- Secrets never enter the log; columns that only say when, or that are long and versioned anyway, would drown it.
    hidden constant text[] := array['secret', 'updated_at', 'last_login_at', 'branching', 'rubric', 'persona'];
    before jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - hidden end;
    after jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - hidden end;
    named jsonb := coalesce(after, before);
begin
    if tg_op = 'UPDATE' then
        select jsonb_object_agg(b.key, b.value), jsonb_object_agg(b.key, after -> b.key) into before, after
        from jsonb_each(before) as b where b.value is distinct from after -> b.key;
        if before is null then
            return null;
        end if;
    end if;
    insert into audit_log (org_id, table_name, row_id, action, old, new, acted_as, actor_id, reason, origin, at)
    values (
        case when tg_table_name = 'orgs' then named ->> 'id' else named ->> 'org_id' end::uuid,
        tg_table_name, coalesce(named ->> 'id', ''), lower(tg_op), before, after,
        coalesce(nullif(current_setting('role', true), 'none'), session_user),
        nullif(current_setting('jwt.claims.user_id', true), '')::uuid,
        coalesce(current_setting('parley.service_reason', true), ''),
        coalesce(current_setting('parley.origin', true), ''),
        clock_timestamp());
    return null;
end
$function$;

-- function blank_quotes(jsonb)
CREATE OR REPLACE FUNCTION public.blank_quotes(data jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public'
AS $function$
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
$function$;

-- function check_rubric()
CREATE OR REPLACE FUNCTION public.check_rubric()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
    problem text := rubric_problem(new.rubric);
begin
    if problem is not null then
        raise exception 'rubric of scenario %: %', new.key, problem using errcode = '23514';
    end if;
    return new;
end
$function$;

-- function claim_org_id()
CREATE OR REPLACE FUNCTION public.claim_org_id()
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
    return (
        select u.org_id from users u
        where u.id = nullif(current_setting('jwt.claims.user_id', true), '')::uuid
          and u.org_id = nullif(current_setting('jwt.claims.org_id', true), '')::uuid
          and u.role = current_setting('jwt.claims.role', true) and u.is_active);
end
$function$;

-- function claim_role()
CREATE OR REPLACE FUNCTION public.claim_role()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select coalesce(pg_catalog.current_setting('jwt.claims.role', true), '') $function$;

-- function claim_user_id()
CREATE OR REPLACE FUNCTION public.claim_user_id()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select nullif(pg_catalog.current_setting('jwt.claims.user_id', true), '')::pg_catalog.uuid $function$;

-- function compliance_totals(timestamp with time zone,timestamp with time zone,uuid)
CREATE OR REPLACE FUNCTION public.compliance_totals(since timestamp with time zone, until timestamp with time zone, in_team uuid DEFAULT NULL::uuid)
 RETURNS TABLE(rule text, severity text, calls bigint, people bigint)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    teams constant uuid[] := teams_in_view(in_team);
begin
    return query
    select e.name::text, min(e.outcome)::text, count(distinct e.attempt_id), count(distinct e.user_id)
    from fact_kpi_events e
    where e.org_id = org and e.kind = 'compliance' and e.mode = 'official' and e.started_at >= since and e.started_at < until
      and (teams is null or e.user_id in (select u.id from users u where u.org_id = org and u.team_id = any (teams)))
    group by e.name order by min(e.outcome) = 'fail' desc, 3 desc, 1;
end
$function$;

-- function compute_kpis(jsonb,jsonb,kpi_phrase[])
CREATE OR REPLACE FUNCTION public.compute_kpis(transcript jsonb, rubric jsonb DEFAULT '{}'::jsonb, compiled kpi_phrase[] DEFAULT NULL::kpi_phrase[])
 RETURNS jsonb
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE COST 1e+06
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  -- What is stored compressed is opened once, not by each function that reads it.
  said jsonb := transcript #> '{}';
  asked jsonb := case when compiled is null then kpi_slim(rubric) else rubric #> '{}' end;
  heard kpi_phrase[] := coalesce(compiled, kpi_compiled(rubric #> '{}'));
  u kpi_utterance[] := kpi_utterances(said);
  s kpi_sentence[] := kpi_sentences(u);
begin
  if transcript is null or rubric is null then
    return null;
  end if;
  return kpi_measured(u, s, kpi_matches(s, heard), kpi_rates(s), jsonb_path_exists(said, '$[*] ? (@.source == "typed")'), asked, heard);
end
$function$;

-- function compute_score(jsonb,jsonb,jsonb)
CREATE OR REPLACE FUNCTION public.compute_score(kpis jsonb, rubric jsonb, overrides jsonb DEFAULT '{}'::jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  enough constant integer := 30;  -- words of the rep below which nothing is judged
  rep_words numeric := score_value(kpis, 'rep_words');
  quiet boolean := coalesce(rep_words < enough, false);
  criteria jsonb;
  weight_all numeric;
  weight_judged numeric;
  points_sum numeric;
  gate jsonb;
  abstained_why text;
  total numeric;
  lifted jsonb;
  computed jsonb;
begin
  if jsonb_typeof(rubric -> 'criteria') is distinct from 'array' or rubric -> 'criteria' = '[]' then
    raise exception 'rubric.criteria is missing or empty' using errcode = '22023', hint = 'A rubric needs at least one criterion.';
  end if;
  if exists (select from jsonb_array_elements(rubric -> 'criteria') as c
      where jsonb_typeof(c -> 'weight') is distinct from 'number' or (c ->> 'weight')::numeric <= 0) then
    raise exception 'rubric.criteria holds a weight that is not above 0' using errcode = '22023', hint = 'Give every criterion a positive weight.';
  end if;

  if not quiet and exists (select from jsonb_array_elements(rubric -> 'criteria') as c where overrides ? (c ->> 'id')) then
    computed := compute_score(kpis, rubric);
  end if;

  with judged as materialized (
    select ord, c, (c ->> 'weight')::numeric as raw_weight,
      case when quiet then jsonb_build_object('value', null, 'unit', null, 'share', null, 'evidence', '[]'::jsonb,
          'why', 'Not enough to judge')
        -- What a person decided counts; what was computed stays beside it.
        when overrides ? (c ->> 'id') then score_criterion(kpis, rubric, c) || jsonb_build_object(
          'share', overrides -> (c ->> 'id'), 'computed', (select jsonb_build_object('weight', k -> 'weight', 'share', k -> 'share',
            'points', k -> 'points') from jsonb_path_query(computed, '$.criteria[*]') as k where k ->> 'id' = c ->> 'id'))
        else score_criterion(kpis, rubric, c) end as j
    from jsonb_array_elements(rubric -> 'criteria') with ordinality as e(c, ord)
  ), weighed as (
    select *, (j -> 'share')::text <> 'null' as counts,
      sum(raw_weight) over () as all_weight, sum(raw_weight) filter (where (j -> 'share')::text <> 'null') over () as judged_weight
    from judged
  ), pointed as (
    select *, case when counts then round(100 * raw_weight / judged_weight, 2) else 0 end as weight,
      case when counts then round(100 * raw_weight * (j ->> 'share')::numeric / judged_weight, 2) end as points
    from weighed
  )
  select jsonb_agg(jsonb_build_object('id', c -> 'id', 'label', c -> 'label', 'kind', c -> 'kind', 'rubric_weight', raw_weight,
      'weight', weight, 'points', points) || j order by ord), max(all_weight), coalesce(max(judged_weight), 0), sum(points)
  into criteria, weight_all, weight_judged, points_sum
  from pointed;

  with closed as (
    select g, ord, coalesce((overrides ->> ('gate:' || (g ->> 'id')))::numeric = 1, false) as is_lifted
    from jsonb_path_query(rubric, '$.gates[*]') with ordinality as x(g, ord)
    where exists (select from jsonb_path_query(kpis, '$.compliance[*] ? (@.outcome == "fail" && @.severity == "fail")') as k
        where k ->> 'id' = g -> 'when' ->> 'compliance')
      or exists (select from jsonb_path_query(kpis, '$.forbidden[*] ? (@.found == true)') as k
        where k ->> 'id' = g -> 'when' ->> 'forbidden')
  )
  select (select c.g from closed as c where not c.is_lifted order by (c.g ->> 'cap')::numeric, c.ord limit 1),
    (select jsonb_agg(c.g -> 'id' order by c.ord) from closed as c where c.is_lifted)
  into gate, lifted;

  abstained_why := case
    when quiet then format('The rep said %s words; from %s on a call is judged.', rep_words, enough)
    when weight_judged * 2 < weight_all then format('Only %s %% of the weight could be judged; half is needed.',
      round(100 * weight_judged / weight_all)) end;
  if abstained_why is null then
    total := least(round(points_sum, 1), (gate ->> 'cap')::numeric);
  end if;
  if lifted is not null and computed is null then
    computed := compute_score(kpis, rubric);
  end if;
  return jsonb_build_object(
    'total', total,
    'uncapped', case when abstained_why is null then round(points_sum, 1) end,
    'abstained', abstained_why is not null,
    'abstained_why', abstained_why,
    'passed', total >= coalesce((rubric ->> 'pass_mark')::numeric, 75),
    'pass_mark', coalesce((rubric ->> 'pass_mark')::numeric, 75),
    'capped_by', case when total < round(points_sum, 1) then gate -> 'id' end,
    'gate', gate -> 'id',
    'rubric_version', rubric -> 'version',
    'criteria', criteria)
    || case when computed is null then '{}' else jsonb_build_object('lifted', coalesce(lifted, '[]'), 'computed', jsonb_build_object(
      'total', computed -> 'total', 'uncapped', computed -> 'uncapped', 'passed', computed -> 'passed',
      'abstained', computed -> 'abstained', 'capped_by', computed -> 'capped_by')) end;
end
$function$;

-- function compute_scores(uuid[])
CREATE OR REPLACE FUNCTION public.compute_scores(attempt_ids uuid[])
 RETURNS TABLE(attempt_id uuid, kpis jsonb, breakdown jsonb)
 LANGUAGE plpgsql
 STABLE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET min_parallel_table_scan_size TO '0'
 SET parallel_setup_cost TO '0'
 SET parallel_tuple_cost TO '0'
AS $function$
declare
  at_once constant integer := 40;  -- calls that are taken apart together
  ids uuid[];
  places integer[];  -- of each attempt's rubric in compiled
  rubrics jsonb[];
  compiled kpi_rubric[];
  firsts integer[];  -- where in ids each lot of calls by one rubric begins, and where it ends
  lasts integer[];
begin
  -- A rubric is frozen on each attempt, but few of them differ: each is compiled once for the batch.
  with due as materialized (
    select a.id, a.rubric from scenario_attempts as a join attempt_transcripts as t on t.attempt_id = a.id
    where a.id = any (attempt_ids)
  ), few as materialized (
    select d.rubric, (row_number() over ())::integer as place from (select distinct due.rubric from due) as d
  )
  select array_agg(due.id order by few.place, due.id), array_agg(few.place order by few.place, due.id),
    (select array_agg(f.rubric order by f.place) from few as f)
  into ids, places, rubrics
  from due join few on few.rubric = due.rubric;
  compiled := array(select row(kpi_slim(r), kpi_compiled(r))::kpi_rubric from unnest(rubrics) with ordinality as x(r, place) order by place);
  select array_agg(l.first order by l.first), array_agg(l.last order by l.first) into firsts, lasts
  from (
    select min(n)::integer as first, max(n)::integer as last
    from (select n, place, (row_number() over (partition by place order by n) - 1) / at_once as lot from unnest(places) with ordinality as x(place, n)) as y
    group by place, lot
  ) as l;

  return query
  select s.id, s.kpis, compute_score(s.kpis, compiled[s.place].rubric, coalesce(overrides_of(s.id), '{}'))
  from (
    select a.id, lot.place, lot.kpis || case when coalesce(w.kpis, a.kpis) ? 'judged'
        then jsonb_build_object('judged', coalesce(w.kpis, a.kpis) -> 'judged') else '{}' end as kpis
    from (
      -- The first attempt of each lot stands for it, so that the cores share out the lots.
      select ids[l.first + c.ord - 1] as id, places[l.first] as place, c.kpis
      from scenario_attempts as lead
      join unnest(firsts, lasts) as l(first, last) on lead.id = ids[l.first]
      cross join lateral kpi_of_calls(
        array(select t.transcript from unnest(ids[l.first:l.last]) with ordinality as x(id, n) join attempt_transcripts as t on t.attempt_id = x.id
          order by x.n), compiled[places[l.first]].rubric, compiled[places[l.first]].phrases) as c
      offset 0
    ) as lot
    join scenario_attempts as a on a.id = lot.id
    left join attempt_words as w on w.attempt_id = lot.id
    offset 0
  ) as s;
end
$function$;

-- function enqueue_webhook(text,jsonb)
CREATE OR REPLACE FUNCTION public.enqueue_webhook(event text, payload jsonb)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
    named uuid := nullif(payload #>> '{org,id}', '')::uuid;
    org uuid := claim_org_id();
    key uuid := coalesce(nullif(payload ->> 'idempotency_key', '')::uuid, gen_random_uuid());
    written integer;
begin
    if org is null and current_setting('role', true) = 'parley_service' then
        org := named;  -- the installation names the organisation in the payload
    end if;
    if org is null or named is distinct from org and named is not null then
        raise exception 'webhook %: the payload speaks for organisation %, the caller for %', event, named, org
            using errcode = '42501';
    end if;
    insert into webhook_deliveries (id, org_id, webhook_id, event, idempotency_key, payload, status, tries, next_try_at,
        response_body, last_error, created_at, updated_at)
    select gen_random_uuid(), w.org_id, w.id, enqueue_webhook.event, key,
        enqueue_webhook.payload || jsonb_build_object('event', enqueue_webhook.event, 'idempotency_key', key),
        'pending', 0, now(), '', '', now(), now()
    from webhooks w
    where w.org_id = org and w.enabled and enqueue_webhook.event = any (w.events)
    on conflict (webhook_id, idempotency_key) do nothing;
    get diagnostics written = row_count;
    return written;
end
$function$;

-- function erase_user(uuid)
CREATE OR REPLACE FUNCTION public.erase_user(erased uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
    org uuid;
    identity uuid;
    address text;
    attempts uuid[];
begin
    select u.org_id, u.identity_id, lower(u.email) into org, identity, address from users u where u.id = erased for update;
    if not found then
        return false;
    end if;
    if current_setting('role', true) <> 'parley_service' and (org is distinct from claim_org_id() or claim_role() <> 'admin') then
        raise exception 'only an admin of the organisation may erase user %', erased using errcode = '42501';
    end if;
    attempts := array(select a.id from scenario_attempts a where a.user_id = erased);

    -- Facts stay, without the person.
    update fact_scenario_attempts f set user_id = null, user_key = null where f.user_id = erased;
    update fact_kpi_events f set user_id = null where f.user_id = erased;
    delete from dim_users d where d.user_id = erased;

    delete from attempt_recordings r where r.attempt_id = any (attempts);
    delete from attempt_transcripts t where t.attempt_id = any (attempts);
    delete from attempt_utterances t where t.attempt_id = any (attempts);
    delete from attempt_words w where w.attempt_id = any (attempts);
    delete from scenario_attempts a where a.id = any (attempts);
    delete from assignments a where a.user_id = erased;
    update assignments a set assigned_by_id = null where a.assigned_by_id = erased;
    update teams t set manager_id = null where t.manager_id = erased;
    delete from consents c where c.user_id = erased;
    delete from people_import_rows r where r.org_id = org and (r.made = erased or lower(r.email) = address);
    delete from users u where u.id = erased;
    update webhook_deliveries d set payload = d.payload - 'user' - 'attempt' where d.org_id = org and d.payload #>> '{user,id}' = erased::text;
    update events e set actor_id = null, data = '{}' where e.org_id = org and (e.actor_id = erased or e.subject_id = erased);

    -- The log keeps that something changed, not what was known about the person.
    update audit_log l set old = null, new = null where l.org_id = org
        and (l.table_name = 'users' and l.row_id = erased::text
             or coalesce(l.old, '{}') @> jsonb_build_object('user_id', erased) or coalesce(l.new, '{}') @> jsonb_build_object('user_id', erased));
    update audit_log l set actor_id = null, origin = '' where l.org_id = org and l.actor_id = erased;

    if identity is not null and not exists (select from users u where u.identity_id = identity) then
        delete from api_tokens t where t.identity_id = identity;
        delete from mfa_authenticator m where m.user_id = identity;
        delete from socialaccount_socialtoken t using socialaccount_socialaccount a where t.account_id = a.id and a.user_id = identity;
        delete from socialaccount_socialaccount a where a.user_id = identity;
        delete from django_session s using usersessions_usersession u where s.session_key = u.session_key and u.user_id = identity;
        delete from usersessions_usersession u where u.user_id = identity;
        delete from account_emailconfirmation c using account_emailaddress e where c.email_address_id = e.id and e.user_id = identity;
        delete from account_emailaddress e where e.user_id = identity;
        delete from identities i where i.id = identity;
    end if;
    return true;
end
$function$;

-- function feedback_without_words(jsonb)
CREATE OR REPLACE FUNCTION public.feedback_without_words(feedback jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public'
AS $function$
        select case when jsonb_typeof(feedback) = 'object' then jsonb_build_object('writer',
            substring(feedback ->> 'writer' from '^[A-Za-z0-9_.:/-]{1,80}$')) end
    $function$;

-- function forget_words(uuid[])
CREATE OR REPLACE FUNCTION public.forget_words(attempt_ids uuid[])
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
    forgotten integer;
begin
    delete from attempt_recordings r where r.attempt_id = any (attempt_ids);
    delete from attempt_transcripts t where t.attempt_id = any (attempt_ids);
    delete from attempt_utterances u where u.attempt_id = any (attempt_ids);
    -- Of the feedback stays what it says in its own words; scenario_attempts holds only numbers anyway.
    delete from attempt_words w where w.attempt_id = any (attempt_ids) and jsonb_typeof(w.feedback) is distinct from 'object';
    update attempt_words w
    set kpis = null, score_breakdown = null,
        feedback = jsonb_build_object('summary', unquoted(w.feedback ->> 'summary'), 'next_step', unquoted(w.feedback ->> 'next_step'),
            'writer', w.feedback -> 'writer', 'quotes', '[]'::jsonb, 'strengths', '[]'::jsonb, 'try', null)
    where w.attempt_id = any (attempt_ids);
    select count(*) into forgotten from scenario_attempts a where a.id = any (attempt_ids);
    return forgotten;
end
$function$;

-- function freeze_attempt_person()
CREATE OR REPLACE FUNCTION public.freeze_attempt_person()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
    select u.role, u.team_id into new.user_role, new.team_id from users u where u.id = new.user_id;
    new.user_role := coalesce(new.user_role, '');
    return new;
end
$function$;

-- function grant_signed_url(text,integer)
CREATE OR REPLACE FUNCTION public.grant_signed_url(path text, ttl integer)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
    bucket text := split_part(path, '/', 1);
    object text := substr(path, length(split_part(path, '/', 1)) + 2);
    expires bigint := floor(extract(epoch from clock_timestamp()))::bigint + ttl;
begin
    if bucket not in ('recordings', 'transcripts', 'avatars', 'org-assets', 'scenario-assets', 'exports', 'tmp')
        or object !~ '^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$' or object ~ '(^|/)\.\.?(/|$)' then
        raise exception 'storage path % is no bucket/folder/name', path using errcode = '22023';
    end if;
    if ttl is null or ttl not between 1 and 86400 then
        raise exception 'a signed address lives from 1 to 86400 seconds, not %', ttl using errcode = '22023';
    end if;
    if not may_read_object(bucket, object) then
        raise exception 'the acting person may not read %', path using errcode = '42501';
    end if;
    return format('/storage/%s?expires=%s&signature=%s', path, expires, storage_signature(path, expires));
end
$function$;

-- function guard_attempt()
CREATE OR REPLACE FUNCTION public.guard_attempt()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
    if (new.id, new.org_id, new.user_id, new.scenario_id, new.mode, new.kind, new.seed, new.user_role, new.brief)
        is distinct from
       (old.id, old.org_id, old.user_id, old.scenario_id, old.mode, old.kind, old.seed, old.user_role, old.brief)
       -- The rubric changes only when the call is scored again by another version, which leaves the earlier score in the history.
       or new.rubric is distinct from old.rubric
          and (current_user = 'parley_authenticated' or jsonb_array_length(new.score_history) <= jsonb_array_length(old.score_history)) then
        raise exception 'attempt %: what it is held and scored by was frozen when it began', old.id using errcode = '23514';
    end if;
    if jsonb_array_length(new.score_history) < jsonb_array_length(old.score_history) then
        raise exception 'attempt %: earlier scores stay in the history', old.id using errcode = '23514';
    end if;
    if new.status <> old.status and not (old.status, new.status) in (
        ('created', 'live'), ('created', 'abandoned'), ('created', 'ended'), ('created', 'failed'),
        ('live', 'ended'), ('live', 'abandoned'), ('live', 'failed'),
        ('ended', 'scored'), ('ended', 'failed'), ('scored', 'failed'),
        ('failed', 'ended'), ('failed', 'scored')) then
        raise exception 'attempt % is %; it cannot become %', old.id, old.status, new.status using errcode = '23514';
    end if;
    if new.status <> old.status and new.status in ('ended', 'scored', 'failed') and current_user = 'parley_authenticated' then
        raise exception 'attempt %: only the installation marks a call %', old.id, new.status using errcode = '42501';
    end if;
    return new;
end
$function$;

-- function guard_dispute()
CREATE OR REPLACE FUNCTION public.guard_dispute()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
    if old is not distinct from new then
        return new;
    end if;
    -- Whoever answered may be erased later; nothing else of a settled dispute changes.
    if new.answered_by_id is null and old.answered_by_id is not null
        and to_jsonb(old) - 'answered_by_id'::text = to_jsonb(new) - 'answered_by_id'::text then
        return new;
    end if;
    if to_jsonb(old) - '{status,answer,answered_by_id,answered_at}'::text[]
        is distinct from to_jsonb(new) - '{status,answer,answered_by_id,answered_at}'::text[] then
        raise exception 'dispute %: what was disputed stays as it was written', old.id using errcode = '23514';
    end if;
    if old.status <> 'open' or new.status = 'open' then
        raise exception 'dispute % is %; it cannot become %', old.id, old.status, new.status using errcode = '23514';
    end if;
    if current_user = 'parley_authenticated' and (new.status = 'withdrawn') <> (old.user_id = claim_user_id()) then
        raise exception 'dispute %: its rep withdraws it, others answer it', old.id using errcode = '42501';
    end if;
    if current_user = 'parley_authenticated' and new.status <> 'withdrawn' and new.answered_by_id is distinct from claim_user_id() then
        raise exception 'dispute %: whoever answers signs', old.id using errcode = '42501';
    end if;
    return new;
end
$function$;

-- function guard_rescore()
CREATE OR REPLACE FUNCTION public.guard_rescore()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
    if (old.org_id, old.scenario_id, old.measure_again) is distinct from (new.org_id, new.scenario_id, new.measure_again)
        or new.status <> old.status and not (old.status, new.status) in (
            ('queued', 'running'), ('queued', 'failed'), ('running', 'done'), ('running', 'failed')) then
        raise exception 'rescore % is %; it cannot become %', old.id, old.status, new.status using errcode = '23514';
    end if;
    return new;
end
$function$;

-- function hmac_sha256(bytea,bytea)
CREATE OR REPLACE FUNCTION public.hmac_sha256(message bytea, key bytea)
 RETURNS bytea
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
    block bytea := case when length(key) > 64 then sha256(key) else key end;
    inner_pad bytea := decode(repeat('36', 64), 'hex');
    outer_pad bytea := decode(repeat('5c', 64), 'hex');
begin
    for i in 0..length(block) - 1 loop
        inner_pad := set_byte(inner_pad, i, get_byte(inner_pad, i) # get_byte(block, i));
        outer_pad := set_byte(outer_pad, i, get_byte(outer_pad, i) # get_byte(block, i));
    end loop;
    return sha256(outer_pad || sha256(inner_pad || message));
end
$function$;

-- function holds_words(jsonb)
CREATE OR REPLACE FUNCTION public.holds_words(document jsonb)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'public'
AS $function$
        -- Only names and sentences that our own code makes may be strings; a key that is new here counts as somebody's words.
        select coalesce(
            jsonb_path_exists(document, 'strict $.** ? (@.type() == "object").keyvalue() ? (@.value.type() == "string" && @.value != ""
                && @.key != "id" && @.key != "outcome" && @.key != "severity" && @.key != "tag" && @.key != "why" && @.key != "label"
                && @.key != "unit" && @.key != "kind" && @.key != "measure" && @.key != "talk_listen" && @.key != "gate"
                && @.key != "capped_by" && @.key != "abstained_why" && @.key != "model" && @.key != "prompt_version")')
            or jsonb_path_exists(document, 'strict $.** ? (@.type() == "array")[*] ? (@.type() == "string")')
            or jsonb_typeof(document) = 'string', false)
    $function$;

-- function insights_since(date)
CREATE OR REPLACE FUNCTION public.insights_since(since date)
 RETURNS SETOF scenario_insights
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
    org constant uuid := claim_org_id();
begin
    if org is null or claim_role() not in ('admin', 'hr', 'manager') then
        return;
    end if;
    return query select m.* from mv_scenario_insights m
        where m.org_id = org and m.month >= since order by m.month, m.scenario_key;
end
$function$;

-- function is_signed_url(text,bigint,text)
CREATE OR REPLACE FUNCTION public.is_signed_url(path text, expires bigint, signature text)
 RETURNS boolean
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
        -- Hashes of both are compared, so that how long it takes says nothing about how much was right.
        select expires > extract(epoch from clock_timestamp())
            and sha256(convert_to(storage_signature(path, expires), 'UTF8')) = sha256(convert_to(signature, 'UTF8'))
    $function$;

-- function keep_dim_users()
CREATE OR REPLACE FUNCTION public.keep_dim_users()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
    as_of timestamptz := case tg_op when 'INSERT' then new.created_at else now() end;
begin
    -- A second change at the same moment overwrites the first: it was never true for any attempt.
    update dim_users d set valid_until = as_of where d.user_id = new.id and d.valid_until is null and d.valid_from < as_of;
    delete from dim_users d where d.user_id = new.id and d.valid_until is null;
    insert into dim_users (org_id, user_id, name, role, team_id, team_name, valid_from)
    values (new.org_id, new.id, coalesce(nullif(trim(new.first_name || ' ' || new.last_name), ''), new.email), new.role,
        new.team_id, coalesce((select t.name from teams t where t.id = new.team_id), ''), as_of);
    return null;
end
$function$;

-- function keep_published_version()
CREATE OR REPLACE FUNCTION public.keep_published_version()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
    if to_jsonb(old) - '{status,updated_at}'::text[] is distinct from to_jsonb(new) - '{status,updated_at}'::text[] then
        raise exception 'scenario % version % is %; a published version is not edited', old.key, old.version, old.status
            using errcode = '23514', hint = 'Save the change as the next version.';
    end if;
    if new.status = 'draft' then
        raise exception 'scenario % version % is %; it cannot become a draft again', old.key, old.version, old.status
            using errcode = '23514', hint = 'Save a draft as the next version.';
    end if;
    return new;
end
$function$;

-- function keep_teams_a_tree()
CREATE OR REPLACE FUNCTION public.keep_teams_a_tree()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
    -- Two moves at once could close a circle that neither sees alone.
    perform pg_advisory_xact_lock(hashtextextended('teams:' || new.org_id, 0));
    if exists (
        with recursive above as (
            select t.id, t.parent_id from teams t where t.id = new.parent_id
            union
            select t.id, t.parent_id from teams t join above a on t.id = a.parent_id
        )
        select from above where id = new.id or new.parent_id = new.id
    ) then
        raise exception 'team % cannot hang below itself', new.id
            using errcode = '23514', hint = 'Choose a parent that is not one of the teams below it.';
    end if;
    return new;
end
$function$;

-- function kpi_at(kpi_sentence[],integer[])
CREATE OR REPLACE FUNCTION public.kpi_at(sentences kpi_sentence[], sns integer[])
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  -- Sentence sn is element sn.
  select coalesce(jsonb_agg(i order by sn), '[]')
  from (
    select sentences[sn].i as i, min(sn) as sn from unnest(sns) as sn where sn between 1 and cardinality(sentences) group by 1
  ) as x
$function$;

-- function kpi_cite(kpi_sentence)
CREATE OR REPLACE FUNCTION public.kpi_cite(sentence kpi_sentence)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  select pg_catalog.jsonb_build_object('i', sentence.i, 'start_ms', sentence.start_ms, 'end_ms', sentence.end_ms, 'quote', sentence.quote)
$function$;

-- function kpi_cites(kpi_sentence[],integer[])
CREATE OR REPLACE FUNCTION public.kpi_cites(sentences kpi_sentence[], sns integer[])
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  -- Sentence sn is element sn.
  select coalesce(jsonb_agg(kpi_cite(sentences[sn]) order by sn), '[]')
  from (select distinct sn from unnest(sns) as sn where sn between 1 and cardinality(sentences) order by sn limit 6) as first
$function$;

-- function kpi_compiled(jsonb)
CREATE OR REPLACE FUNCTION public.kpi_compiled(rubric jsonb)
 RETURNS kpi_phrase[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  with listed as materialized (
    select (row_number() over ())::integer as p, listed.* from kpi_phrases_of(rubric) as listed
  ), told as materialized (
    -- A phrase with a single meaningful stem would match almost anything; it is matched word by word instead.
    select l.p, l.kind, l.id, l.field, l.idea, l.speaker, l.mode, s.content, cardinality(s.content) as size,
      l.mode in ('words', 'gist') and cardinality(s.content) >= 2 and strpos(s.stems, ' zzgap ') = 0 as by_words,
      case when strpos(s.stems, '|') > 0 then regexp_replace(s.stems, ' \|(?= )', '', 'g') else s.stems end as row_words
    from listed as l
    join kpi_stemmed(array(select case when phrase ~ '…|\.\.\.'
        then regexp_replace(replace(phrase, '…', '...'), '\s*\.\.\.\s*', ' zzgap ', 'g') else phrase end from listed order by p)) as s
      on s.ord = l.p
    where ltrim(s.plain, '| .') <> ''
  ), usual as (
    select speaker, w, count(*) as uses from told, unnest(content) as w group by speaker, w
  ), anchors as (
    -- Only a stem that no stop word shares tells that the phrase cannot be there.
    select distinct on (told.p) told.p, w
    from told cross join unnest(told.content) as w join usual using (speaker, w)
    where not by_words and ts_lexize('pg_catalog.english_stem', w) <> '{}'
      and w not in ('let', 'us', 'would', 'could', 'like', 'get', 'got', 'go', 'want', 'know', 'also', 'okay', 'say')
    order by told.p, uses, w
  )
  select (
  select coalesce(array_agg(row(p, kind, id, field, idea, speaker, field in ('answer', 'heard', 'accept'),
      case when not by_words then null
        when mode = 'gist' then greatest(2, ceil(0.6 * size))
        when size <= 3 then size
        else ceil(0.75 * size)
      end,
      case when by_words then content when w is not null then array[w] else '{}' end,
      row_words,
      case when gaps then replace(replace(replace(row_words, '_', '\_'), ' zzgap ', ' '), ' ', ' %') end,
      case when gaps or kind = 'forbidden'
        then ' ' || replace(replace(replace(trim(row_words), '.', '\.'), ' ', gap), gap || 'zzgap' || gap, ' (?:\S+ ){0,6}') || ' ' end,
      case when kind = 'forbidden' and field = 'say' then mode <> 'exact, no question' end, null)::kpi_phrase order by p), '{}')
  from (
    select told.*, anchors.w, not by_words and (mode = 'loose order' or strpos(row_words, ' zzgap ') > 0) as gaps,
      case mode when 'loose order' then ' (?:\| )*(?:[^| ]\S* (?:\| )*){0,2}' else ' ' end as gap
    from told left join anchors using (p)
  ) as t
  ) || array(
    -- A check's wordings, each with the words that a sentence must hold; what excuses it is one expression.
    select row(0, 'check', c ->> 'id', r.role, c_ord, r.speaker, false, null, null, null, null, ' ' || (wording ->> 1), null,
      (wording ->> 0)::tsquery)::kpi_phrase
    from jsonb_path_query(rubric, '$.compliance[*]') with ordinality as e(c, c_ord)
    cross join (values ('say', 'rep'), ('when', 'rep'), ('heard', 'buyer')) as r(role, speaker)
    cross join lateral jsonb_array_elements(c -> 'match' -> r.role) with ordinality as x(wording, x_ord)
    where c ->> 'kind' is not null
    order by c_ord, r.role, x_ord
  ) || array(
    select row(0, 'check', c ->> 'id', 'unless', c_ord, 'rep', false, null, null, null, null,
      ' (?:' || (select string_agg(y ->> 1, '|') from jsonb_array_elements(c -> 'match' -> 'unless') as y) || ')', null, null)::kpi_phrase
    from jsonb_path_query(rubric, '$.compliance[*]') with ordinality as e(c, c_ord)
    where c ->> 'kind' is not null and jsonb_array_length(c -> 'match' -> 'unless') > 0
    order by c_ord
  )
$function$;

-- function kpi_compliance(kpi_utterance[],kpi_sentence[],integer[],kpi_phrase[],jsonb,jsonb)
CREATE OR REPLACE FUNCTION public.kpi_compliance(utterances kpi_utterance[], sentences kpi_sentence[], rates integer[], compiled kpi_phrase[], checks jsonb, lender jsonb)
 RETURNS TABLE(ord integer, kept boolean, sns integer[])
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
begin
  return query
  with said as materialized (
    select s.sn, s.n, s.run, s.speaker, s.plain, s.question, s.said, translate(s.said, ',', '') as flat, s.lexemes,
      'unclear' = any (u.tags) as unclear, dense_rank() over (partition by s.speaker order by s.run) as turn,
      s.sn = any (rates) as rate
    from unnest(sentences) as s
    join unnest(utterances) as u on u.n = s.n
  ), talk as materialized (
    select coalesce(sum(case when octet_length(flat) = length(flat) then cardinality(array_remove(string_to_array(flat, ' '), ''))
        else regexp_count(flat, '\S+') end) filter (where speaker = 'rep'), 0) < 30 as quiet,
      array_to_tsvector(string_to_array(coalesce(nullif(trim(string_agg(trim(flat), ' ') filter (where speaker = 'rep' and lexemes is not null)), ''), '-'), ' ')) as rep,
      array_to_tsvector(string_to_array(coalesce(nullif(trim(string_agg(trim(flat), ' ') filter (where speaker = 'buyer' and lexemes is not null)), ''), '-'), ' ')) as buyer
    from said
  ), listened as materialized (
    select x.idea, x.field, x.speaker, x.query, x.pattern from unnest(compiled) as x where x.kind = 'check'
  ), wanted as materialized (
    select e.ord::integer as ord, c ->> 'kind' as kind, coalesce(c ->> 'within', 'call') as within_, c ->> 'figures' as figures,
      coalesce((c ->> 'questions')::boolean, true) as in_questions, coalesce((c ->> 'negated')::boolean, true) as negatable,
      c -> 'when' ? 'rate_mentioned' as rate,
      x.pattern as excuse
    from jsonb_array_elements(checks) with ordinality as e(c, ord)
    left join listened as x on x.field = 'unless' and x.idea = e.ord
    where c ->> 'kind' is not null
  ), wordings as materialized (
    -- Most wordings fall at the first question, as the call does not hold their words.
    select x.idea as ord, x.field as role, x.speaker, x.query, x.pattern
    from listened as x cross join talk
    where x.query is not null and case x.speaker when 'rep' then talk.rep else talk.buyer end @@ x.query
  ), found as materialized (
    select distinct x.ord, x.role, s.sn, s.n, s.run, s.turn, s.unclear
    from wordings as x join wanted as w on w.ord = x.ord
    join said as s on s.speaker = x.speaker and s.lexemes @@ x.query
    where case when w.kind = 'never' or x.role = 'when'
      then kpi_is_meant(s.said, x.pattern, w.excuse, w.in_questions, w.negatable)
      else s.flat ~ x.pattern end
  ), hits as materialized (
    -- What breaks a rule of kind never, keeps one of kind always, or calls for something.
    select f.ord, f.sn, f.n, f.run, f.turn, f.unclear
    from found as f join wanted as w on w.ord = f.ord
    where f.role = case w.kind when 'with' then 'when' when 'reply' then 'heard' else 'say' end
    union
    select w.ord, s.sn, s.n, s.run, s.turn, s.unclear
    from wanted as w join said as s on s.speaker = 'rep' and case
      when w.rate or w.figures = 'rates' then s.rate
      when w.figures = 'limits' then s.plain ~ '\mlimits?\M' and s.question is null and s.plain !~ '\m(?:last year|used to|was|were|in 20\d\d)\M' end
    where w.rate or w.figures is not null
  ), calls as materialized (
    -- Each answer that calls for something, and whether it came: in the next answer, in the same one, or before.
    select h.ord, h.sn, h.unclear or exists (select from said as s where s.speaker = 'rep' and s.unclear
        and s.run = h.run + (w.kind = 'reply')::integer) as unclear,
      (select min(f.sn) from found as f where f.ord = h.ord and f.role = 'say'
        and (f.run = h.run + (w.kind = 'reply')::integer or w.within_ = 'before' and f.run < h.run)) as given
    from hits as h join wanted as w on w.ord = h.ord
    where w.kind = 'with' or w.kind = 'reply' and exists (select from said as a where a.run = h.run + 1 and a.speaker = 'rep')
  ), figures as (
    select h.ord, h.sn, h.unclear, exists (
        select from regexp_matches(s.plain, '(?<![\d.])\d+(?:\.\d+)?(?![\d.])', 'g') as f(m),
          jsonb_array_elements_text(case w.figures when 'rates' then lender -> 'rates' else lender -> 'limits' end) as known(figure)
        where abs(m[1]::numeric - figure::numeric) <= case w.figures when 'rates' then 0.13 else 0 end) as given
    from hits as h join wanted as w on w.ord = h.ord and w.figures is not null join said as s on s.sn = h.sn
    where jsonb_array_length(coalesce(case w.figures when 'rates' then lender -> 'rates' else lender -> 'limits' end, '[]')) > 0
      and (w.figures = 'rates' or s.plain ~ '(?<![\d.])[2-9]\d{5}(?!\d)|(?<![\d.])1\d{6}(?!\d)')
  ), judged as materialized (
    select w.ord,
      case
        when w.kind = 'never' then case when exists (select from hits as h where h.ord = w.ord and not h.unclear) then false
          when not exists (select from hits as h where h.ord = w.ord) then true end
        when w.kind = 'always' then case when exists (select from hits as h where h.ord = w.ord and (w.within_ <> 'opening' or h.turn <= 3)) then true
          when not (select quiet from talk) and not kpi_is_lost(utterances, array(
            select s.n from said as s where s.speaker = 'rep' and (w.within_ <> 'opening' or s.turn <= 3))) then false end
        when w.kind = 'figure' then (select bool_and(given) from figures as f where f.ord = w.ord and not f.unclear)
        else (select bool_and(c.given is not null) from calls as c where c.ord = w.ord and (c.given is not null or not c.unclear)) end as kept,
      case
        when w.kind in ('never', 'always') then array(select h.sn from hits as h where h.ord = w.ord
          and case w.kind when 'never' then not h.unclear else w.within_ <> 'opening' or h.turn <= 3 end order by h.sn)
        when w.kind = 'figure' then array(select f.sn from figures as f where f.ord = w.ord and not f.given and not f.unclear order by f.sn)
        else array(select c.sn from calls as c where c.ord = w.ord and c.given is null and not c.unclear
          union select min(s.sn) from calls as c join said as b on b.sn = c.sn join said as s on s.run = b.run + 1
          where c.ord = w.ord and c.given is null and not c.unclear and w.kind = 'reply' group by c.sn order by 1) end as missed,
      case when w.kind in ('with', 'reply') then array(select distinct c.given from calls as c where c.ord = w.ord and c.given is not null order by 1) end as given
    from wanted as w
  )
  select ord, kept, case when kept then coalesce(given, missed) when not kept then missed else '{}' end from judged;
end
$function$;

-- function kpi_default_fillers()
CREATE OR REPLACE FUNCTION public.kpi_default_fillers()
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select $json$[
    {"say": "um", "weight": 1}, {"say": "umm", "weight": 1}, {"say": "uhm", "weight": 1}, {"say": "uh", "weight": 1},
    {"say": "uhh", "weight": 1}, {"say": "er", "weight": 1}, {"say": "erm", "weight": 1}, {"say": "ah", "weight": 1},
    {"say": "hmm", "weight": 0.5}, {"say": "basically", "weight": 0.5},
    {"say": "like", "weight": 0.5, "pause": true,
      "not_after": ["i", "you", "we", "they", "he", "she", "people", "would", "do", "did", "does", "to", "might", "may", "will", "i'd", "you'd", "we'd", "they'd", "he'd", "she'd", "feel", "feels", "look", "looks", "sound", "sounds", "seem", "seems"]},
    {"say": "you know", "weight": 0.5,
      "not_after": ["do", "did", "if", "let", "as", "would", "that", "what", "when", "once", "so", "make", "sure"],
      "not_before": ["what", "how", "that", "if", "when", "why", "where", "who", "whether", "about", "the", "your", "it", "for", "this", "which", "of"]},
    {"say": "i mean", "weight": 0.5, "not_after": ["what", "do", "if"]},
    {"say": "sort of", "weight": 0.5, "not_after": ["what", "which", "this", "that", "any", "some", "a", "the", "same", "every"]},
    {"say": "kind of", "weight": 0.5, "not_after": ["what", "which", "this", "that", "any", "some", "a", "the", "same", "every", "one", "another"]}
  ]$json$::jsonb
$function$;

-- function kpi_discovery(kpi_utterance[],kpi_sentence[],kpi_match[],jsonb)
CREATE OR REPLACE FUNCTION public.kpi_discovery(utterances kpi_utterance[], sentences kpi_sentence[], matches kpi_match[], rubric jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  with said as materialized (
    select sn, n, i, run, speaker, plain, stems, question from unnest(sentences)
  ), found as materialized (
    select kind, id, field, sn from unnest(matches) where kind in ('topic', 'motive', 'goal', 'common')
  ), tags as materialized (
    select u.n, t as tag from unnest(utterances) as u, unnest(u.tags) as t where u.speaker = 'buyer' and t <> 'unclear'
  ), tagged as materialized (
    select exists (select from tags) as any_tags
  ), wanted as materialized (
    select t.ord, t.t ->> 'id' as id, coalesce((t.t ->> 'discovery')::boolean, false) as discovery
    from jsonb_path_query(rubric, '$.topics[*]') with ordinality as t(t, ord)
  ), answered as (
    -- With tags: the buyer answered the topic; the rep's last sentence before it is where it was asked.
    select a.id, (select max(s.sn) from said as s where s.speaker = 'rep' and s.n < a.n) as sn
    from (select w.id, min(t.n) as n from wanted as w join tags as t on t.tag = 'topic:' || w.id group by w.id) as a
    union all
    -- Without: by the words, or where the scenario's buyer would have understood the rep to ask.
    select w.id, min(w.sn) from (
      select f.id, f.sn from found as f where f.kind = 'topic'
      union all
      select substr(t, 7), (select coalesce(max(s.sn) filter (where s.question is not null), max(s.sn)) from said as s where s.n = u.n)
      from unnest(utterances) as u, unnest(u.tags) as t where u.speaker = 'rep' and t like 'asked:%'
    ) as w, tagged where not any_tags group by w.id
  ), topics as materialized (
    select w.*, s.sn, s.i
    from wanted as w left join answered as a on a.id = w.id left join said as s on s.sn = a.sn
  ), motive as materialized (
    select case when any_tags
        then (select s.sn from tags as t join said as s on s.n = t.n
          where t.tag = 'motive'
          order by t.n, not exists (select from found as f where f.kind = 'motive' and f.sn = s.sn), s.sn limit 1)
        else (select min(sn) from found where kind = 'motive') end as sn
    from tagged
  ), outcomes as materialized (
    -- What the goal may be, the one that is hoped for first.
    select 0::bigint as ord, rubric -> 'goal' ->> 'id' as id
    union all
    select o.ord, o.o ->> 'id' from jsonb_path_query(rubric, '$.goal.others[*]') with ordinality as o(o, ord)
  ), asked as materialized (
    select s.sn, s.n, s.run, o.id, o.ord
    from found as f join said as s on s.sn = f.sn join outcomes as o on o.id = f.id
    where f.kind = 'goal' and f.field = 'ask'
  ), agreed as materialized (
    -- With tags the buyer says which outcome is reached and when; without, a yes in the turn after one was proposed.
    select case when any_tags
        then (select min(s.sn) from tags as t join said as s on s.n = t.n join outcomes as o on t.tag = 'goal:' || o.id)
        else (select min(s.sn) from found as f join said as s on s.sn = f.sn
          where f.field = 'accept' and f.kind in ('goal', 'common') and s.speaker = 'buyer'
            and s.stems !~ ' (not|no|never) ' and s.run - 1 in (select run from asked))
      end as sn, any_tags
    from tagged
  ), goal as materialized (
    select agreed.sn, hit.i, hit.run,
      (select max(a.sn) from asked as a where a.sn < coalesce(agreed.sn, 2147483647)) as asked_sn,
      coalesce(case when any_tags and hit.sn is not null
        then (select o.id from outcomes as o join tags as t on t.tag = 'goal:' || o.id where t.n = hit.n order by o.ord limit 1)
        else (select a.id from asked as a where a.sn < coalesce(agreed.sn, 2147483647) order by a.sn desc, a.ord limit 1)
      end, rubric -> 'goal' ->> 'id') as id,
      exists (select from said as s
        where case when s.run between coalesce(hit.run, -9) - 2 and coalesce(hit.run, -9) + 2
            or hit.run is null and s.speaker = 'rep' and s.n in (select n from asked)
          then kpi_names_date(s.plain) else false end) as dated
    from agreed left join said as hit on hit.sn = agreed.sn
  )
  select jsonb_build_object(
    'topics', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'covered_at', i) order by ord), '[]') from topics),
    'discovery_count', (select count(sn) from topics where discovery),
    'discovery_share', (select round(count(sn)::numeric / nullif(count(*), 0), 3) from topics where discovery),
    'motive_found', case when jsonb_typeof(rubric -> 'motive') = 'object' then (select sn is not null from motive) end,
    'goal', (select case when jsonb_typeof(rubric -> 'goal') = 'object' then jsonb_build_object('id', goal.id,
        'hit', goal.sn is not null, 'at', goal.i, 'asked', goal.asked_sn is not null, 'dated', dated) end from goal),
    'evidence', jsonb_build_object(
      'discovery', kpi_cites(sentences, array(select sn from topics where discovery and sn is not null order by sn)),
      'motive_found', kpi_cites(sentences, array(select sn from motive where sn is not null)),
      'goal', kpi_cites(sentences, array(select x from goal, unnest(array[goal.asked_sn, goal.sn]) as x where x is not null))))
$function$;

-- function kpi_events(jsonb,jsonb,jsonb)
CREATE OR REPLACE FUNCTION public.kpi_events(transcript jsonb, rubric jsonb, kpis jsonb)
 RETURNS TABLE(kind text, name text, n integer, utterance_i integer, at_ms integer, outcome text)
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'public'
AS $function$
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
$function$;

-- function kpi_fillers(kpi_utterance[],jsonb)
CREATE OR REPLACE FUNCTION public.kpi_fillers(utterances kpi_utterance[], fillers jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  with list as materialized (
    select ord, string_to_array(lower(f ->> 'say'), ' ') as say, coalesce((f ->> 'weight')::numeric, 1) as weight,
      coalesce((f ->> 'pause')::boolean, false) as pause,
      array(select jsonb_array_elements_text(coalesce(f -> 'not_after', '[]'))) as not_after,
      array(select jsonb_array_elements_text(coalesce(f -> 'not_before', '[]'))) as not_before
    from jsonb_array_elements(fillers) with ordinality as e(f, ord)
  ), raw as (
    -- Stops are named one by one: what else counts as punctuation, such as an emoji, depends on the database's locale.
    select u.n, t.k, t.token, u.words, count(*) over (partition by u.n) as tokens,
      lower(translate(regexp_replace(t.token, '^\W+|\W+$', '', 'g'), '’', '''')) as w,
      t.token ~ '[!-/:-@\[-`{-~…–—¿¡«»‘’“”]$' and t.token !~ '[''’"]$' as stop
    from unnest(utterances) as u, string_to_table(regexp_replace(trim(u.text), '\s+', ' ', 'g'), ' ') with ordinality as t(token, k)
    where u.speaker = 'rep'
  ), tokens as materialized (
    select n, k, w,
      case when not lag(stop) over o then lag(w) over o end as w_before, coalesce(lag(stop) over o, true) as stop_before,
      array[w, lead(w) over o, lead(w, 2) over o, lead(w, 3) over o, lead(w, 4) over o, lead(w, 5) over o] as ahead,
      array[stop, lead(stop) over o, lead(stop, 2) over o, lead(stop, 3) over o, lead(stop, 4) over o, lead(stop, 5) over o] as stops,
      coalesce(case when jsonb_array_length(words) = tokens
        then (words -> k::integer ->> 'start')::numeric - (words -> (k::integer - 1) ->> 'end')::numeric >= 0.3 end, false) as silence
    from raw
    window o as (partition by n order by k)
  ), found as (
    select t.n, t.k, cardinality(l.say) as size, l.weight
    from tokens as t join list as l on l.say[1] = t.w
    where l.say = t.ahead[1:cardinality(l.say)]
      and not coalesce(t.w_before = any (l.not_after), false)
      and (t.stops[cardinality(l.say)] or not coalesce(t.ahead[cardinality(l.say) + 1] = any (l.not_before), false))
      -- Between stops, or before a silence: "it is, like, good" and "it was like … the best", never "is that what you like?"
      and (not l.pause or t.stop_before and t.stops[cardinality(l.say)] or t.silence)
  ), kept as (
    -- Longest phrase first: what stands inside a longer filler is not counted again.
    select * from found as f
    where not exists (
      select from found as g
      where g.n = f.n and g.size > f.size and f.k >= g.k and f.k < g.k + g.size)
  )
  select jsonb_build_object('count', count(*), 'weighted', coalesce(sum(weight), 0),
    'ns', coalesce(jsonb_agg(distinct n), '[]'))
  from kept
$function$;

-- function kpi_flow(kpi_utterance[],integer[],boolean)
CREATE OR REPLACE FUNCTION public.kpi_flow(utterances kpi_utterance[], raised integer[], typed boolean)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  with u as materialized (
    select *, regexp_count(text, '[[:alnum:]]+(?:[''’.,-][[:alnum:]]+)*') as word_count from unnest(utterances)
  ), speech as (
    select
      coalesce((select sum(upper(r) - lower(r)) from unnest(range_agg(numrange(start_s, end_s)) filter (where speaker = 'rep')) as r), 0) as rep_s,
      coalesce((select sum(upper(r) - lower(r)) from unnest(range_agg(numrange(start_s, end_s)) filter (where speaker = 'buyer')) as r), 0) as buyer_s,
      coalesce(sum(word_count) filter (where speaker = 'rep'), 0) as rep_words,
      coalesce(max(end_s), 0) as duration_s
    from u
  ), runs as materialized (
    select run, speaker, sum(end_s - start_s) as speech_s, sum(word_count) as words, min(n) as first_n, max(n) as last_n,
      min(start_s) as start_s, max(end_s) as end_s,
      lag(speaker) over w as speaker_before, lag(max(end_s)) over w as end_before,
      lag(array_agg(n)) over w as ns_before
    from u where not aside
    group by run, speaker
    window w as (order by run)
  ), cuts as (
    -- Who began 0.3 s or more before the other's words would have ended, and took the floor.
    select distinct a.n, a.speaker
    from u as a join u as b on b.speaker <> a.speaker and not b.aside and b.start_s < a.start_s
    where not a.aside and not kpi_is_backchannel(a.text) and a.end_s >= b.end_s
      and (b.planned_end_s - a.start_s >= 0.3 and a.start_s <= b.end_s + 0.3
        or 'cut' = any (b.tags) and a.start_s between b.start_s and b.end_s + 0.5)
  ), turns as (
    select greatest(0, start_s - end_before) as gap_s
    from runs
    where speaker = 'rep' and speaker_before = 'buyer' and first_n not in (select n from cuts where speaker = 'rep')
  ), pace as (
    -- The rep's turns right after an objection against all other turns.
    select
      sum(words) filter (where after) as words_after, sum(speech_s) filter (where after) as s_after,
      sum(words) filter (where not after) as words_other, sum(speech_s) filter (where not after) as s_other
    from (select words, speech_s, coalesce(ns_before && raised, false) as after from runs where speaker = 'rep') as r
  ), longest as (
    select
      (select first_n from runs where speaker = 'rep' order by speech_s desc, run limit 1) as monologue_n,
      max(speech_s) filter (where speaker = 'rep') as monologue_s,
      max(speech_s) filter (where speaker = 'buyer') as story_s,
      count(*) filter (where speaker_before is not null) as switches
    from runs
  )
  select jsonb_build_object(
    'duration_s', round(duration_s, 2),
    'rep_speech_s', round(rep_s, 2),
    'buyer_speech_s', round(buyer_s, 2),
    'rep_words', rep_words,
    'talk_ratio', case when enough and buyer_s > 0 then round(rep_s / (rep_s + buyer_s), 3) end,
    'talk_listen', case when enough and buyer_s > 0
      then format('%s:%s', round(100 * rep_s / (rep_s + buyer_s)), 100 - round(100 * rep_s / (rep_s + buyer_s))) end,
    'words_per_minute', case when not typed and rep_s >= 10 then round(60 * rep_words / rep_s, 1) end,
    'interruptions_by_rep', case when not typed then (select count(*) from cuts where speaker = 'rep') end,
    'interruptions_by_buyer', case when not typed then (select count(*) from cuts where speaker = 'buyer') end,
    'longest_monologue_s', round(monologue_s, 2),
    'longest_buyer_story_s', round(story_s, 2),
    'patience_s', case when not typed
      then (select round(percentile_cont(0.5) within group (order by gap_s)::numeric, 2) from turns having count(*) >= 2) end,
    'pace_jump_wpm', case when not typed and s_after >= 3 and s_other >= 10
      then round(60 * words_after / s_after - 60 * words_other / s_other, 1) end,
    'interactivity_per_minute', case when enough then round(60 * switches / (rep_s + buyer_s), 2) end,
    'cuts', (select coalesce(jsonb_agg(n order by n), '[]') from cuts where speaker = 'rep'),
    'monologue_n', monologue_n)
  from speech, pace, longest, lateral (select rep_s + buyer_s >= 10 as enough) as e
$function$;

-- function kpi_is_backchannel(text)
CREATE OR REPLACE FUNCTION public.kpi_is_backchannel(said text)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
  -- Three words are more than an aside; most utterances end here.
  if said ~ '\S\s+\S+\s+\S' then
    return false;
  end if;
  return trim(regexp_replace(lower(translate(said, '’-', ''' ')), '[^a-z'' ]+', ' ', 'g')) ~
    ('^(m+ ?h?m*|mhm+|h+m+|uh huh|yeah|yes|yep|yup|ok|okay|right|sure|i see|got it|gotcha|great|good|nice|cool|oh|ah|wow'
    '|really|true|exactly|alright|all right|perfect|go on|makes sense|of course|fair enough|understood|interesting)'
    '( +(yeah|yes|yep|ok|okay|right|sure|great|good))?$')
    and regexp_count(trim(said), '\S+') <= 2;
end
$function$;

-- function kpi_is_like(text,text[])
CREATE OR REPLACE FUNCTION public.kpi_is_like(stems text, phrases text[])
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  -- As many stems in a row as the phrase has, one fewer or one more, share more than half of their trigrams with it.
  select exists (
    select from (select regexp_split_to_array(trim(regexp_replace(stems, '[| ]+', ' ', 'g')), ' ') as words) as s,
      unnest(phrases) as p(phrase),
      lateral (select trim(replace(phrase, ' zzgap ', ' ')) as row) as l,
      lateral (select regexp_count(l.row, '\S+') as k) as c,
      lateral generate_series(greatest(k - 1, least(k, 2)), k + 1) as size,
      lateral generate_series(1, greatest(1, cardinality(words) - size + 1)) as at
    where similarity(l.row, array_to_string(words[at:at + size - 1], ' ')) >= 0.55)
$function$;

-- function kpi_is_lost(kpi_utterance[],integer[])
CREATE OR REPLACE FUNCTION public.kpi_is_lost(utterances kpi_utterance[], ns integer[])
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select coalesce(4 * sum(size) filter (where 'unclear' = any (tags)) >= 3 * sum(size), false)
  from (select u.tags, regexp_count(u.text, '\S+') as size from unnest(utterances) as u where u.speaker = 'rep' and u.n = any (ns)) as heard
$function$;

-- function kpi_is_meant(text,text,text,boolean,boolean)
CREATE OR REPLACE FUNCTION public.kpi_is_meant(said text, pattern text, excuse text, in_questions boolean, negatable boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  flat text := translate(said, ',', '');
  words text[] := string_to_array(trim(said), ' ');
  found_at integer := regexp_instr(flat, pattern);
  k integer;        -- words before the one found
  clause integer;   -- where its clause begins
  before text;
begin
  while found_at > 0 loop
    k := regexp_count(left(flat, found_at), ' ') - 1;
    clause := coalesce((select max(n) from generate_series(1, k) as n where words[n] like '%,' or words[n] in ('but', 'however', 'because')), 0);
    before := array_to_string(words[greatest(clause + 1, k - 9):k], ' ') || ' ';
    if excuse is not null and ' ' || translate(array_to_string(words[greatest(1, k - 12):k + 20], ' '), ',', '') || ' ' ~ excuse then
      null;
    elsif not in_questions and before ~ '^(?:so |and |but |okay |now |well |then )*(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should|what|how|why|who|which|when|where|whether) (?!not )' then
      null;
    elsif not negatable or regexp_replace(before, '\m(?:not (?:only|just|worry|to worry|hesitate)|no (?:doubt|question|problems?|matter|worries|stress|points?|fees?|costs?|pressure)|why not|not a (?:problem|chance)|(?:is|are|was|does|do) not (?:it|you|they|that))\M', '', 'g')
        !~ '\m(?:not|no|never|nobody|none|nothing|without|neither|nor|unable|hardly|hard|refuse|rather than|instead of|avoid|illegal|wrong|forbidden|prohibited|careful)\M(?: \S+){0,6} $' then
      return true;
    end if;
    found_at := regexp_instr(flat, pattern, found_at + 1);
  end loop;
  return false;
end
$function$;

-- function kpi_is_said(text,text,boolean)
CREATE OR REPLACE FUNCTION public.kpi_is_said(stems text, pattern text, in_questions boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  found_at integer := regexp_instr(stems, pattern);
  before text;
begin
  while found_at > 0 loop
    -- The clause up to the phrase, without turns of speech that only look like a negation.
    before := regexp_replace(left(stems, found_at), '^.*\|', '');
    before := regexp_replace(before, '\m(not (only|worri)|no (doubt|question|problem|matter)|why not)\M', ' ', 'g');
    if not in_questions and before ~ '^ ?(so |and |but |okay |now )*(do|does|did|is|are|was|were|has|have|had|can|could|will|would|what|how|why|who|which) ' then
      null;
    elsif before !~ '\m(not|no|never|nobodi|none|noth|without|neither|nor|unabl|hard)\M(?: \S+){0,6} ?$' then
      return true;
    end if;
    found_at := regexp_instr(stems, pattern, found_at + 1);
  end loop;
  return false;
end
$function$;

-- function kpi_matches(kpi_sentence[],kpi_phrase[])
CREATE OR REPLACE FUNCTION public.kpi_matches(sentences kpi_sentence[], compiled kpi_phrase[])
 RETURNS kpi_match[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET enable_nestloop TO 'off'
AS $function$
  with said as materialized (
    -- What was said twice is looked through once: h is the first sentence that says it.
    select sn, n, speaker, stems, content, min(sn) over (partition by speaker, stems, content) as h from unnest(sentences)
  ), heard as materialized (
    select h, speaker, stems, content from said where sn = h
  ), phrases as materialized (
    select * from unnest(compiled)
  ), spoken as materialized (
    select h, speaker, w from heard, unnest(content) as w
  ), bound as materialized (
    select p, speaker, w from phrases, unnest(words) as w
  ), holding as materialized (
    -- Sentences that hold words of a phrase, and which.
    select p, h, array_agg(w) as held from spoken join bound using (speaker, w) group by p, h
  ), candidates as (
    select * from holding
    union all
    select phrases.p, heard.h, '{}' from phrases join heard using (speaker) where phrases.words = '{}'
  ), found as (
    select p.kind, p.id, p.field, p.idea, c.h
    from candidates as c join phrases as p using (p) join heard as s using (h)
    where case
        when p.needed is not null then cardinality(c.held) >= p.needed
        when strpos(s.stems, p.row_words) > 0 then true
        when p.outline is null or s.stems not like p.outline then false
        else s.stems ~ p.pattern
      end
      and (p.in_questions is null or kpi_is_said(s.stems, p.pattern, p.in_questions))
  ), hits as materialized (
    select f.kind, f.id, f.field, f.idea, s.sn from found as f join said as s using (h)
    union
    select p.kind, p.id, p.field, p.idea, here.sn
    from phrases as p
    join holding as a using (p)
    join said as here on here.h = a.h
    join said as there on there.sn = here.sn + 1 and there.n = here.n
    join holding as b on b.p = a.p and b.h = there.h
    where p.spreads and p.needed is not null and cardinality(b.held) < p.needed
      and (select count(distinct w) from unnest(a.held || b.held) as w) >= p.needed
  )
  select coalesce(array_agg(row(kind, id, field, idea, sn)::kpi_match order by kind, id, field, idea, sn), '{}') from hits
$function$;

-- function kpi_measured(kpi_utterance[],kpi_sentence[],kpi_match[],integer[],boolean,jsonb,kpi_phrase[])
CREATE OR REPLACE FUNCTION public.kpi_measured(u kpi_utterance[], s kpi_sentence[], m kpi_match[], rates integer[], typed boolean, asked jsonb, heard kpi_phrase[])
 RETURNS jsonb
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE COST 200000
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  raised integer[] := array(select r.n from kpi_raised(u, s, m, asked) as r);
  flow jsonb := kpi_flow(u, raised, typed);
  cuts integer[] := array(select n::integer from jsonb_array_elements_text(flow -> 'cuts') as n);
  speech jsonb := kpi_speech(u, s, case when jsonb_typeof(asked -> 'fillers') = 'array' and asked -> 'fillers' <> '[]'
    then asked -> 'fillers' else kpi_default_fillers() end, typed);
  phrases jsonb := kpi_phrases(u, s, m, rates, heard, asked);
  objections jsonb := kpi_objections(u, s, m, asked, cuts, typed);
  discovery jsonb := kpi_discovery(u, s, m, asked);
  evidence jsonb;
begin
  evidence := jsonb_build_object(
    'question_count', kpi_cites(s, array(select q.sn from unnest(s) as q where q.speaker = 'rep' and q.question is not null)),
    'open_question_count', kpi_cites(s, array(select q.sn from unnest(s) as q where q.speaker = 'rep' and q.question = 'open')),
    'interruptions_by_rep', case when not typed
      then kpi_cites(s, array(select min(q.sn) from unnest(s) as q where q.n = any (cuts) group by q.n)) else '[]' end,
    'fillers_per_minute', case when not typed
      then kpi_cites(s, array(select min(q.sn) from unnest(s) as q where speech -> 'filler_ns' @> to_jsonb(q.n) group by q.n)) else '[]' end,
    'longest_monologue_s', kpi_cites(s, array(select min(q.sn) from unnest(s) as q where q.n = (flow ->> 'monologue_n')::integer)));
  evidence := evidence || (phrases -> 'evidence') || (objections -> 'evidence') || (discovery -> 'evidence');
  return jsonb_build_object('version', 1)
    || (flow - '{cuts,monologue_n}'::text[]) || (speech - 'filler_ns')
    || (phrases - 'evidence') || (objections - 'evidence') || (discovery - 'evidence')
    || jsonb_build_object('typed', typed, 'evidence', evidence);
end
$function$;

-- function kpi_names_date(text)
CREATE OR REPLACE FUNCTION public.kpi_names_date(plain text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select plain ~ ('\m(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tonight|tomorrow|this (?:morning|afternoon|evening|week|weekend)'
    '|next week|by noon|at noon|right now|end of (?:the )?(?:day|week)|(?:january|february|april|june|july|august|september|october|november|december)'
    '|(?:march|may) \d+(?:st|nd|rd|th)?|the \d+(?:st|nd|rd|th)|in (?:an|a|\d+) (?:hour|hours|minutes|day|days)|within (?:an|a|\d+) (?:hour|hours|day|days)'
    '|at \d{1,2}(?:[. ]\d\d)?(?: (?:am|pm|a m|p m|o clock|oclock|sharp|tomorrow|today|your time))?|\d{1,2} ?(?:am|pm|a m|p m|o clock))\M')
$function$;

-- function kpi_names_rate(text)
CREATE OR REPLACE FUNCTION public.kpi_names_rate(plain text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select (
      -- A decimal or whole percentage that is neither down payment nor fee.
      plain ~ '(?<![\d.])(?:[2-9]|1[0-4])\.\d{1,3} percent(?! (?:down|of|equity|upfront|up front|premium|funding|seller|loan to value|ltv|dti|debt|back|cash|monthly|mip))'
        and (plain ~ '\m(?:rate|rates|apr|interest)\M' or plain !~ '\m(?:fee|fees|premium|mip|pmi|insurance|down payment|ltv|dti|debt|ratio|equity|cost|costs)\M')
      or plain ~ '(?<![\d.])(?:[2-9]|1[0-4]) percent(?! (?:down|of|equity|upfront|up front|premium|funding|seller|loan to value|ltv|dti|debt|back|cash|gift))'
        and plain ~ '\m(?:rate|rates|interest|fixed|apr)\M'
      -- Eighths need no percent: "we are at 6.375". Halves and quarters need a word that says so.
      or plain ~ '(?<![\d.])(?:[2-9]|1[0-4])\.(?:125|375|625|875|99|990|999)(?![\d.])(?! (?:percent|years?|months?|weeks?|days?|times|hours?|million|thousand))'
      or plain ~ '(?<![\d.])(?:[2-9]|1[0-4])\.(?:5|50|500|25|250|75|750)(?![\d.])(?! (?:percent|years?|months?|weeks?|days?|times|hours?|million|thousand|points?))'
        and plain ~ '\m(?:rate|rates|apr|interest|fixed|it is|no points|30 year|15 year|today|right now|we are at|would be at|you would be at|you are at|today at|looking at|get you|got you|put you|lock you|lock|call it|call you|pencil you|squeeze you|comes? out at|hovering (?:right )?(?:at|around))\M'
      -- Said digit by digit or as one number: "six two five percent", "six twenty five", and no number at all: "the low sixes".
      or plain ~ '\m[2-9](?:00|12|25|37|38|50|62|63|75|87|88|99) percent\M'
      or plain ~ '(?<![\d.] )\m[2-9] (?:1 2 5|2 5|3 7 5|5 0|6 2 5|7 5|8 7 5|9 9)\M(?! [\d])' and plain ~ '\m(?:percent|rate|rates|apr|fixed|at)\M'
      or plain ~ '\m(?:low|mid|middle|high|upper|lower)(?: to (?:low|mid|middle|high|upper))? (?:fives|sixes|sevens|eights|5s|6s|7s|8s|5 s|6 s|7 s)\M'
      -- On a product or with a lock there is no other number that it could be.
      or plain ~ '(?<![\d.])(?:[2-9]|1[0-4])\.\d{1,3}(?![\d.]) (?:\| )?(?:on|with|for|at) (?:a |an |the |0 |no |1 |2 |your )?(?:va|fha|usda|conventional|\d+ year|1?5|30|arm|point|points|lock|zero)'
      or plain ~ '\mrates? (?:today )?(?:is|are|would be|comes to|starts at|starting at|of|at) (?:about |around |roughly )?(?:[2-9]|1[0-4])(?:\.\d+)?\M'
    )
    and (plain !~ '\m(?:they|he|she|him|his|her|their|other lender|other lenders|other quote|competitor|you were quoted|you got|you said|you mentioned|you heard|you told|your current|current rate|your existing|existing rate|you are paying|you pay now|you have now|your old|the 1 point|that quote|your quote)\M' and plain !~ '\m(?:you took|you had|you locked in|you have been paying|your 1st|your first|your original|your low|old rate|old loan|old mortgage|years ago|back then|is gone|in 20\d\d|keep(?:s|ing)? your|(?:los(?:e|es|ing)|giv(?:e|es|ing) up|gave up|lost) (?:the|your|that|a))\M'
      or plain ~ '\m(?:our|ours|we can|we are|we have|we could|i can|i could|i have|i would quote|today our)\M')
$function$;

-- function kpi_numbers(text)
CREATE OR REPLACE FUNCTION public.kpi_numbers(words text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  tokens text[];
  small constant jsonb := '{"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}';
  parts constant jsonb := '{"half": 0.5, "quarter": 0.25, "quarters": 0.25, "eighth": 0.125, "eighths": 0.125}';
  result text[] := '{}';
  token text;
  total numeric;   -- finished thousands of the number being read
  part numeric;    -- its hundreds, tens and ones; null while no number is being read
  last numeric;    -- the last word's value, to tell "sixty two" from "sixty, two"
  decimals text;   -- digits after "point"; null before it
  value numeric;
  k integer := 1;
begin
  -- Speech recognition mixes digits and words: "6 and a half", "6 point 2 5", "a hundred percent".
  if words ~ '\m\d{1,2} (?:and|point|three|five|seven|[1357] (?:[248]|quarters|eighths))\M|\m(?:a|an) (?:hundred|thousand|million)\M' then
    -- What stood as 6 3/8 or 6-3/8.
    words := regexp_replace(words, '(?<![\d.] )\m(\d{1,2}) (?:and )?1 8(?! ?[\d.])\M', '\1.125', 'g');
    words := regexp_replace(words, '(?<![\d.] )\m(\d{1,2}) (?:and )?1 4(?! ?[\d.])\M', '\1.25', 'g');
    words := regexp_replace(words, '(?<![\d.] )\m(\d{1,2}) (?:and )?3 8(?! ?[\d.])\M', '\1.375', 'g');
    words := regexp_replace(words, '(?<![\d.] )\m(\d{1,2}) (?:and )?1 2(?! ?[\d.])\M', '\1.5', 'g');
    words := regexp_replace(words, '(?<![\d.] )\m(\d{1,2}) (?:and )?5 8(?! ?[\d.])\M', '\1.625', 'g');
    words := regexp_replace(words, '(?<![\d.] )\m(\d{1,2}) (?:and )?3 4(?! ?[\d.])\M', '\1.75', 'g');
    words := regexp_replace(words, '(?<![\d.] )\m(\d{1,2}) (?:and )?7 8(?! ?[\d.])\M', '\1.875', 'g');
    words := regexp_replace(words, '\m(\d{1,2}) and (?:an? |one |1 )?half\M', '\1.5', 'g');
    words := regexp_replace(words, '\m(\d{1,2}) and (?:a |one |1 )?quarter\M', '\1.25', 'g');
    words := regexp_replace(words, '\m(\d{1,2}) and (?:an |one |1 )?eighth\M', '\1.125', 'g');
    words := regexp_replace(words, '\m(\d{1,2}) (?:and )?(?:three|3) quarters\M', '\1.75', 'g');
    words := regexp_replace(words, '\m(\d{1,2}) (?:and )?(?:three|3) eighths\M', '\1.375', 'g');
    words := regexp_replace(words, '\m(\d{1,2}) (?:and )?(?:five|5) eighths\M', '\1.625', 'g');
    words := regexp_replace(words, '\m(\d{1,2}) (?:and )?(?:seven|7) eighths\M', '\1.875', 'g');
    words := regexp_replace(words, '\m(\d{1,2}) point (\d{1,3})\M(?! \d)', '\1.\2', 'g');
    words := regexp_replace(words, '\m(\d{1,2}) point (\d) (\d)\M(?! \d)', '\1.\2\3', 'g');
    words := regexp_replace(words, '\m(\d{1,2}) point (\d) (\d) (\d)\M', '\1.\2\3\4', 'g');
    words := regexp_replace(words, '\m(?:a|an) (hundred|thousand|million)\M', 'one \1', 'g');
  end if;
  if words !~ '\m(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|zero)\M' then
    return words;
  end if;
  tokens := string_to_array(words, ' ');
  while k <= cardinality(tokens) + 1 loop
    token := tokens[k];
    value := (small ->> token)::numeric;
    if value is not null and part is null then
      part := value; last := value; total := 0; decimals := null;
    elsif value is not null and decimals is not null then
      decimals := decimals || trim_scale(value);
    elsif value is not null and last between 20 and 90 and last % 10 = 0 and value between 1 and 9 then
      part := part + value; last := value;
    elsif value is not null and last = 100 and value < 100 then
      part := part + value; last := value;
    elsif value is not null and last = 1000 then
      part := value; last := value;
    elsif value is not null and value >= 10 and part between 1 and 99 and total = 0 then
      part := part * 100 + value; last := value;  -- seven sixty two, twenty twenty one
    elsif token = 'hundred' and part between 1 and 99 and decimals is null then
      part := part * 100; last := 100;
    elsif token = 'thousand' and part is not null and decimals is null then
      total := total + part * 1000; part := 0; last := 1000;
    elsif token = 'million' and part is not null and decimals is null then
      total := (total + part) * 1000000; part := 0; last := 1000;
    elsif token = 'and' and last = 100 and small ? coalesce(tokens[k + 1], '') then
      null;
    elsif token = 'point' and part is not null and decimals is null and small ? coalesce(tokens[k + 1], '') then
      decimals := '';
    elsif token in ('o', 'oh') and decimals is not null then
      decimals := decimals || '0';
    elsif token = 'and' and part is not null and decimals is null and tokens[k + 1] in ('a', 'an', 'one') and parts ? coalesce(tokens[k + 2], '') then
      decimals := split_part((parts ->> tokens[k + 2]), '.', 2);
      k := k + 2;
    elsif token = 'and' and part is not null and tokens[k + 1] in ('three', 'five', 'seven')
        and tokens[k + 2] in ('quarters', 'eighths') then
      decimals := split_part(trim_scale((small ->> tokens[k + 1])::numeric * (parts ->> tokens[k + 2])::numeric)::text, '.', 2);
      k := k + 2;
    elsif part between 1 and 20 and total = 0 and decimals is null and last between 1 and 20 and token in ('three', 'five', 'seven')
        and tokens[k + 1] in ('quarters', 'eighths') then
      decimals := split_part(trim_scale((small ->> token)::numeric * (parts ->> tokens[k + 1])::numeric)::text, '.', 2);
      k := k + 1;
    else
      if part is not null then
        result := result || (trim_scale(total + part)::text || coalesce('.' || nullif(decimals, ''), ''));
        part := null;
        if value is not null then
          continue;
        end if;
      end if;
      if token is not null then
        result := result || token;
      end if;
    end if;
    k := k + 1;
  end loop;
  return array_to_string(result, ' ');
end
$function$;

-- function kpi_objections(kpi_utterance[],kpi_sentence[],kpi_match[],jsonb,integer[],boolean)
CREATE OR REPLACE FUNCTION public.kpi_objections(utterances kpi_utterance[], sentences kpi_sentence[], matches kpi_match[], rubric jsonb, cuts integer[], typed boolean)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  with raised as materialized (
    select r.*, lead(r.n) over (order by r.n, r.tag) as next_n, o.ord, coalesce((o.o ->> 'answer_needed')::integer, 1) as needed,
      array(select jsonb_array_elements_text(coalesce(o.o -> 'topics', '[]'))) as topics
    from kpi_raised(utterances, sentences, matches, rubric) as r
    join jsonb_path_query(rubric, '$.objections[*]') with ordinality as o(o, ord) on o.o ->> 'tag' = r.tag
  ), said as materialized (
    -- What each is about, by its words and by what the buyer answers.
    select s.*, array(
        select m.id from unnest(matches) as m where m.kind = 'topic' and m.sn = s.sn
        union all
        select substr(tag, 7) from unnest(utterances) as u, unnest(u.tags) as tag
        where u.n = s.n + 1 and u.speaker = 'buyer' and tag like 'topic:%') as about
    from unnest(sentences) as s where s.speaker = 'rep'
  ), hits as materialized (
    select m.id, m.field, m.idea, s.sn, s.n, s.run, s.question
    from unnest(matches) as m join said as s on s.sn = m.sn
    where m.kind in ('objection', 'common')
  ), unclear as (
    -- Turns of the rep in which something was not heard well.
    select distinct u.run from unnest(utterances) as u where u.speaker = 'rep' and 'unclear' = any (u.tags)
  ), turns as (
    -- The rep's first turn after the objection, in which any question explores it, and the third, up to which one of the
    -- scenario's exploring questions does.
    select tag, (array_agg(run order by run))[1] as first_run, (array_agg(run order by run))[least(3, count(*))] as third_run
    from (select distinct r.tag, s.run from raised as r join said as s on s.run > r.run) as x
    group by tag
  ), answers as materialized (
    -- A question of the exploring kind is no answer, even where it shares its words.
    select r.tag, min(h.sn) as first_sn, count(distinct h.idea) as ideas, array_agg(distinct h.sn) as sns
    from raised as r join hits as h on h.id = r.tag and h.field = 'answer' and h.n > r.n
    where not (h.question is not null and exists (
      select from hits as e where e.sn = h.sn and e.id = r.tag and e.field = 'explore'))
    group by r.tag
  ), explored as materialized (
    select r.tag, min(s.sn) as sn
    from raised as r
    join turns as t on t.tag = r.tag
    join said as s on s.n > r.n and s.n < coalesce(r.next_n, 2147483647) and s.run <= t.third_run
    -- A question about a topic of the scenario explores only an objection that the topic belongs to.
    where (s.question is not null and s.run = t.first_run and (s.about = '{}' or s.about && r.topics)
        or exists (select from hits as e where e.sn = s.sn and e.id = r.tag and e.field = 'explore'))
      and not exists (select from hits as c where c.sn = s.sn and c.field = 'confirm' and c.id in (r.tag, ''))
    group by r.tag
  ), steps as materialized (
    select r.*, t.first_run, (select min(x.run) from unnest(utterances) as x where x.n = r.next_n) as next_run, a.first_sn as answer_sn, e.sn as explore_sn,
      (select min(h.sn) from hits as h where h.field = 'acknowledge' and h.id in (r.tag, '') and h.run = t.first_run) as acknowledge_sn,
      (select min(h.sn) from hits as h where h.field = 'confirm' and h.id in (r.tag, '') and h.n > r.n
        and h.n < coalesce(r.next_n, 2147483647) and h.sn >= coalesce(a.first_sn, 0)) as confirm_sn,
      case when not typed then not exists (
        select from unnest(utterances) as u
        where u.n = any (cuts) and u.run = t.first_run and u.n - r.n between 1 and 3) end as listened,
      coalesce(a.ideas >= r.needed, false) or exists (
        select from unnest(utterances) as u
        where u.speaker = 'buyer' and u.n > r.n and 'resolved:' || r.tag = any (u.tags)) as answered_,
      a.sns as answer_sns
    from raised as r
    left join turns as t on t.tag = r.tag
    left join answers as a on a.tag = r.tag
    left join explored as e on e.tag = r.tag
  ), judged as materialized (
    select *, first_run in (select run from unclear) as first_unclear,
      kpi_is_lost(utterances, array(select x.n from unnest(utterances) as x
        where x.run > steps.run and x.run < coalesce(steps.next_run, 2147483647))) as mostly_unclear,
      acknowledge_sn is not null as acknowledged_, confirm_sn is not null as confirmed_,
      coalesce(explore_sn < coalesce(answer_sn, 2147483647), false) or exists (
        select from unnest(utterances) as u
        where u.speaker = 'buyer' and u.n > steps.n and 'explored:' || steps.tag = any (u.tags)) as explored_
    from steps
  ), sure as materialized (
    select *, case when acknowledged_ or not coalesce(first_unclear, false) then acknowledged_ end as acknowledged,
      case when explored_ or not mostly_unclear then explored_ end as explored,
      case when answered_ or not mostly_unclear then answered_ end as answered,
      case when confirmed_ or not mostly_unclear then confirmed_ end as confirmed
    from judged
  ), scored as materialized (
    select *, coalesce((coalesce(20 * listened::integer, 0) + coalesce(20 * acknowledged::integer, 0) + coalesce(30 * explored::integer, 0)
        + coalesce(20 * answered::integer, 0) + coalesce(10 * confirmed::integer, 0))::numeric
      / nullif(20 * (listened is not null)::integer + 20 * (acknowledged is not null)::integer + 30 * (explored is not null)::integer
        + 20 * (answered is not null)::integer + 10 * (confirmed is not null)::integer, 0), 0) as share
    from sure
  ), worded as (
    -- Where in its utterance it was raised: the sentence that holds its words, else the first.
    select scored.*, coalesce(
      (select min(m.sn) from unnest(matches) as m join unnest(sentences) as f on f.sn = m.sn
        where m.kind = 'objection' and m.field = 'heard' and m.id = scored.tag and f.n = scored.n),
      (select min(f.sn) from unnest(sentences) as f where f.n = scored.n)) as raised_sn
    from scored
  )
  select jsonb_build_object(
    'objections', coalesce(jsonb_agg(jsonb_build_object('tag', tag, 'raised_at', i, 'listened', listened,
      'acknowledged', acknowledged, 'explored', explored, 'answered', answered, 'confirmed', confirmed,
      'share', round(share, 3)) order by n, tag), '[]'),
    'objections_raised', count(*),
    'objections_addressed', count(*) filter (where answered),
    'objection_share', round(avg(share), 3),
    'evidence', coalesce(jsonb_object_agg('objection:' || tag, (
      select coalesce(jsonb_agg(kpi_cite(s) order by s.sn), '[]') from unnest(sentences) as s
      where s.sn in (acknowledge_sn, case when explored then explore_sn end, answer_sn, confirm_sn)
        or s.sn = scored.raised_sn)), '{}'))
  from worded as scored
$function$;

-- function kpi_of_calls(jsonb[],jsonb,kpi_phrase[])
CREATE OR REPLACE FUNCTION public.kpi_of_calls(transcripts jsonb[], rubric jsonb, compiled kpi_phrase[])
 RETURNS TABLE(ord integer, kpis jsonb)
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT COST 1e+07 ROWS 40
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  all_u kpi_utterance[];
  all_s kpi_sentence[];
  all_m kpi_match[];
  all_rates integer[];
  call_of integer[];      -- of each utterance of all_u
  n_before integer[];     -- utterances in the calls before each call, and the runs of those
  run_before integer[];
begin
  -- The calls one after the other as if they were one, with runs that do not touch: each sentence and each expression is then
  -- looked at once for all of them.
  with taken as materialized (
    select k::integer as k, kpi_utterances(t #> '{}') as us from unnest(transcripts) with ordinality as x(t, k)
  ), sized as (
    select k, us, coalesce((select max(x.run) from unnest(us) as x), 0) + 9 as runs from taken
  ), based as materialized (
    select k, us, (sum(cardinality(us)) over w)::integer - cardinality(us) as n_base, (sum(runs) over w)::integer - runs as run_base
    from sized window w as (order by k)
  ), joined as materialized (
    select b.k, row(x.n + b.n_base, x.i, x.speaker, x.start_s, x.end_s, x.planned_end_s, x.text, x.words, x.tags, x.sentiment, x.aside,
      x.run + b.run_base)::kpi_utterance as u, x.n
    from based as b, unnest(b.us) as x
  )
  select coalesce((select array_agg(j.u order by j.k, j.n) from joined as j), '{}'), (select array_agg(j.k order by j.k, j.n) from joined as j),
    (select array_agg(b.n_base order by b.k) from based as b), (select array_agg(b.run_base order by b.k) from based as b)
  into all_u, call_of, n_before, run_before;
  all_s := kpi_sentences(all_u);
  all_m := kpi_matches(all_s, compiled);
  all_rates := kpi_rates(all_s);

  return query
  with us as (
    select c.k, array_agg(row(x.n - n_before[c.k], x.i, x.speaker, x.start_s, x.end_s, x.planned_end_s, x.text, x.words, x.tags, x.sentiment,
      x.aside, x.run - run_before[c.k])::kpi_utterance order by x.n) as u
    from unnest(all_u) as x, lateral (select call_of[x.n] as k) as c group by c.k
  ), said as materialized (
    select call_of[x.n] as k, x.*, min(x.sn) over (partition by call_of[x.n]) - 1 as sn_before from unnest(all_s) as x
  ), ss as (
    select x.k, array_agg(row(x.sn - x.sn_before, x.n - n_before[x.k], x.i, x.run - run_before[x.k], x.speaker, x.quote, x.start_ms, x.end_ms,
      x.plain, x.stems, x.content, x.question, x.said, x.lexemes)::kpi_sentence order by x.sn) as s
    from said as x group by x.k
  ), ms as (
    select x.k, array_agg(row(f.kind, f.id, f.field, f.idea, f.sn - x.sn_before)::kpi_match order by f.kind, f.id, f.field, f.idea, f.sn) as m
    from unnest(all_m) as f join said as x on x.sn = f.sn group by x.k
  ), rs as (
    select x.k, array_agg(x.sn - x.sn_before order by x.sn) as r
    from unnest(all_rates) as f(sn) join said as x on x.sn = f.sn group by x.k
  )
  select c.k::integer, kpi_measured(coalesce(us.u, '{}'), coalesce(ss.s, '{}'), coalesce(ms.m, '{}'), coalesce(rs.r, '{}'),
    jsonb_path_exists(c.t, '$[*] ? (@.source == "typed")'), rubric, compiled)
  from unnest(transcripts) with ordinality as c(t, k)
  left join us on us.k = c.k left join ss on ss.k = c.k left join ms on ms.k = c.k left join rs on rs.k = c.k;
end
$function$;

-- function kpi_phrases(kpi_utterance[],kpi_sentence[],kpi_match[],integer[],kpi_phrase[],jsonb)
CREATE OR REPLACE FUNCTION public.kpi_phrases(utterances kpi_utterance[], sentences kpi_sentence[], matches kpi_match[], rates integer[], compiled kpi_phrase[], rubric jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  with said as materialized (
    select s.*, dense_rank() over (order by s.run) as turn,
      s.sn = any (rates) as rate
    from unnest(sentences) as s where s.speaker = 'rep'
  ), hits as materialized (
    select m.kind, m.id, m.field, s.sn, s.n, s.i, s.run, s.turn
    from unnest(matches) as m join said as s on s.sn = m.sn
    where m.kind in ('phrase', 'forbidden')
  ), unclear as materialized (
    -- What was not heard well, sentence by sentence.
    select s.run, s.turn, s.stems from said as s join unnest(utterances) as u on u.n = s.n
    where 'unclear' = any (u.tags)
  ), lost as materialized (
    -- Where three quarters of the words were not heard well anything may have been said.
    select kpi_is_lost(utterances, array(select s.n from said as s where s.turn <= 3)) as opening,
      kpi_is_lost(utterances, array(select s.n from said as s)) as call
  ), worded as materialized (
    select * from kpi_compliance(utterances, sentences, rates, compiled, coalesce(rubric -> 'compliance', '[]'), rubric -> 'lender')
  ), raised as materialized (
    select * from kpi_raised(utterances, sentences, matches, rubric)
  ), wanted as (
    select ord, p ->> 'id' as id, coalesce(p ->> 'within', 'call') as within_, p ->> 'when' as when_
    from jsonb_path_query(rubric, '$.phrases[*]') with ordinality as e(p, ord)
  ), occasions as (
    -- The turns in which a phrase with a condition is asked for, with the sentence that asks for it.
    select w.id, s.run, min(s.sn) as sn from wanted as w join said as s on w.when_ = 'rate_mentioned' and s.rate group by w.id, s.run
    union all
    select w.id, min(s.run), min(s.sn)
    from wanted as w join raised as r on w.when_ = 'objection:' || r.tag join said as s on s.n > r.n group by w.id
  ), judged as (
    select w.*,
      case
        when w.when_ is null then exists (
          select from hits as h where h.kind = 'phrase' and h.id = w.id and (w.within_ <> 'opening' or h.turn <= 3))
          or case when (select case w.within_ when 'opening' then opening else call end from lost) or exists (
              select from unclear as x where (w.within_ <> 'opening' or x.turn <= 3)
                and kpi_is_like(x.stems, array(select p.row_words from unnest(compiled) as p where p.kind = 'phrase' and p.id = w.id))) then null else false end
        when not exists (select from occasions as o where o.id = w.id) then null
        when w.within_ = 'same_answer' then not exists (
          select from occasions as o where o.id = w.id
            and not exists (select from hits as h where h.kind = 'phrase' and h.id = w.id and h.run = o.run)
            and not exists (select from unclear as x where x.run = o.run))
        else exists (select from hits as h where h.kind = 'phrase' and h.id = w.id)
          or case when (select call from lost) or exists (select from unclear as x
              where kpi_is_like(x.stems, array(select p.row_words from unnest(compiled) as p where p.kind = 'phrase' and p.id = w.id))) then null else false end
      end as found,
      array(select distinct h.sn from hits as h where h.kind = 'phrase' and h.id = w.id
        and (w.within_ <> 'opening' or h.turn <= 3) order by h.sn) as sns,
      array(select o.sn from occasions as o where o.id = w.id and w.within_ = 'same_answer'
        and not exists (select from hits as h where h.kind = 'phrase' and h.id = w.id and h.run = o.run)
        and not exists (select from unclear as x where x.run = o.run) order by o.sn) as missed
    from wanted as w
  ), banned as (
    select f.ord, f.f ->> 'id' as id, array(
        select h.sn from hits as h
        where h.kind = 'forbidden' and h.id = f.f ->> 'id' and h.field = 'say'
          and not exists (select from hits as x where x.sn = h.sn and x.kind = 'forbidden' and x.id = h.id and x.field = 'unless')
          and not exists (select from unnest(utterances) as u where u.n = h.n and 'unclear' = any (u.tags))
        order by h.sn) as sns
    from jsonb_path_query(rubric, '$.forbidden[*]') with ordinality as f(f, ord)
  ), checked as (
    select c.ord, c.c,
      case when c.c ->> 'kind' is not null then (select w.kept from worded as w where w.ord = c.ord)
        when c.c ->> 'phrase' is not null then (select found from judged where id = c.c ->> 'phrase')
        else not exists (select from banned as b where c.c -> 'forbidden' ? b.id and b.sns <> '{}') end as kept,
      case when c.c ->> 'kind' is not null then coalesce((select w.sns from worded as w where w.ord = c.ord), '{}')
        when c.c ->> 'phrase' is not null
        then (select case when found then sns else missed end from judged where id = c.c ->> 'phrase')
        else array(select distinct x.sn from banned as b, unnest(b.sns) as x(sn) where c.c -> 'forbidden' ? b.id order by x.sn)
      end as sns
    from jsonb_path_query(rubric, '$.compliance[*]') with ordinality as c(c, ord)
  )
  select jsonb_build_object(
    'phrases', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'found', found, 'at', case when sns = '{}' then '[]' else kpi_at(sentences, sns) end,
      'missed_at', case when missed = '{}' then '[]' else kpi_at(sentences, missed) end) order by ord), '[]') from judged),
    'forbidden', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'found', sns <> '{}', 'at', case when sns = '{}' then '[]' else kpi_at(sentences, sns) end)
      order by ord), '[]') from banned),
    'compliance', (select coalesce(jsonb_agg(jsonb_build_object('id', c ->> 'id',
      'outcome', case kept when true then 'pass' when false then 'fail' else 'not_applicable' end,
      'severity', case when not kept and cardinality(sns) >= 2 then coalesce(c ->> 'twice', c ->> 'severity') else c ->> 'severity' end,
      'at', case when sns = '{}' then '[]' else kpi_at(sentences, sns) end) order by ord), '[]') from checked),
    'evidence', (
      select coalesce(jsonb_object_agg(key, kpi_cites(sentences, sns)), '{}') from (
        select 'phrase:' || id as key, sns || missed as sns from judged
        union all select 'forbidden:' || id, sns from banned
        union all select 'compliance:' || (c ->> 'id'), sns from checked
      ) as e where sns <> '{}'))
$function$;

-- function kpi_phrases_of(jsonb)
CREATE OR REPLACE FUNCTION public.kpi_phrases_of(rubric jsonb)
 RETURNS TABLE(kind text, id text, field text, idea integer, speaker text, mode text, phrase text)
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select 'phrase', p ->> 'id', 'say', 0, 'rep', 'loose order', s
  from jsonb_path_query(rubric, '$.phrases[*]') as p, jsonb_array_elements_text(p -> 'say') as s
  union all
  select 'forbidden', p ->> 'id', f.field, 0, 'rep',
    case when f.field = 'say' and p -> 'questions' = 'false' then 'exact, no question' else 'exact' end, s
  from jsonb_path_query(rubric, '$.forbidden[*]') as p,
    (values ('say'), ('unless')) as f(field), jsonb_array_elements_text(coalesce(p -> f.field, '[]')) as s
  union all
  select 'objection', o ->> 'tag', f.field, 0, f.speaker, f.mode, s
  from jsonb_path_query(rubric, '$.objections[*]') as o,
    (values ('heard', 'buyer', 'gist'), ('acknowledge', 'rep', 'loose order'), ('explore', 'rep', 'words'),
      ('confirm', 'rep', 'loose order')) as f(field, speaker, mode),
    jsonb_array_elements_text(coalesce(o -> f.field, '[]')) as s
  union all
  select 'objection', o ->> 'tag', 'answer', a.ord::integer, 'rep', 'words', s
  from jsonb_path_query(rubric, '$.objections[*]') as o, jsonb_array_elements(o -> 'answer') with ordinality as a(idea, ord),
    jsonb_array_elements_text(a.idea) as s
  union all
  select 'common', '', f.field, 0, f.speaker, f.mode, s
  from (values ('acknowledge', 'rep', 'exact'), ('confirm', 'rep', 'loose order'), ('accept', 'buyer', 'exact'))
      as f(field, speaker, mode),
    jsonb_array_elements_text(coalesce(rubric -> 'common' -> f.field, '[]')) as s
  union all
  select 'topic', t ->> 'id', 'ask', 0, 'rep', 'words', s
  from jsonb_path_query(rubric, '$.topics[*]') as t, jsonb_array_elements_text(t -> 'ask') as s
  union all
  select 'motive', '', 'heard', 0, 'buyer', 'gist', s
  from jsonb_path_query(rubric, '$.motive.heard[*]') as h, lateral (select h #>> '{}') as x(s)
  union all
  select 'goal', g ->> 'id', f.field, 0, f.speaker, f.mode, s
  from (select rubric -> 'goal' union all select jsonb_path_query(rubric, '$.goal.others[*]')) as o(g),
    (values ('ask', 'rep', 'words'), ('accept', 'buyer', 'gist')) as f(field, speaker, mode),
    jsonb_array_elements_text(coalesce(nullif(g, 'null') -> f.field, '[]')) as s
$function$;

-- function kpi_plain(text)
CREATE OR REPLACE FUNCTION public.kpi_plain(said text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  t text := said;
begin
  -- Cheap replacements first; every regular expression is one pass over all lines, tried only where it could change something.
  if octet_length(t) > length(t) then
    t := replace(replace(replace(replace(t, '’', ''''), '‘', ''''), '´', ''''), '“', '"');
    t := replace(replace(replace(replace(t, '”', '"'), '–', '-'), '—', '-'), '‑', '-');
  end if;
  t := replace(replace(replace(replace(replace(t, '`', ''''), E'\t', ' '), E'\r', ' '), E'\f', ' '), E'\x0b', ' ');
  t := replace(replace(lower(t), '%', ' percent '), '$', ' ');
  if strpos(t, ',') > 0 then
    t := regexp_replace(t, '(\d),(?=\d{3})', '\1', 'g');
  end if;
  if t ~ '\m[a-z]\.[a-z]\M' then
    t := regexp_replace(t, '(?<=\m[a-z]\.[a-z])\.(?= [a-z0-9])', '', 'g');
    t := regexp_replace(t, '\m([a-z])\.(?=[a-z]\M)', '\1', 'g');
  end if;
  if strpos(t, '''') > 0 then
    t := replace(replace(t, 'won''t', 'will not'), 'can''t', 'can not');
    t := replace(replace(replace(t, 'n''t', ' not'), '''re', ' are'), '''ve', ' have');
    t := replace(replace(replace(t, '''ll', ' will'), '''m', ' am'), 'let''s', 'let us');
    if strpos(t, '''s') > 0 then
      t := regexp_replace(t, '\m(it|that|what|who|how|where|there|here|he|she|when|why)''s\M', '\1 is', 'g');
    end if;
    t := replace(replace(t, '''d', ' would'), '''', '');
  end if;
  t := replace(replace(replace(t, 'cannot', 'can not'), 'gonna', 'going to'), 'wanna', 'want to');
  t := replace(replace(t, 'preapprov', 'pre approv'), 'prequal', 'pre qual');
  t := regexp_replace(t, '\mok\M', 'okay', 'g');
  -- Stops between clauses become |; a point between digits stays.
  t := regexp_replace(t, '(\d)\.(?=\d)', '\1·', 'g');
  t := regexp_replace(t, '(?: - |--+|[.,;:!?…]+ *)+', ' | ', 'g');
  t := replace(regexp_replace(t, '[^\w\s|·]+', ' ', 'g'), '·', '.');
  while strpos(t, '  ') > 0 loop
    t := replace(t, '  ', ' ');
  end loop;
  t := trim(replace(replace(t, E' \n', E'\n'), E'\n ', E'\n'));
  if t ~ '\m[a-z] [a-z] [a-z]' then
    t := regexp_replace(t, '\ma p r\M', 'apr', 'g');
    t := regexp_replace(t, '\mn m l s\M', 'nmls', 'g');
    t := regexp_replace(t, '\mp m i\M', 'pmi', 'g');
    t := regexp_replace(t, '\mf h a\M', 'fha', 'g');
  end if;
  if t ~ '\d|\m(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|zero|hundred|thousand|million)\M' then
    -- A number is spoken within a line; only lines that may hold one are read word by word.
    select string_agg(case when numbered then kpi_numbers(line) else line end, E'\n' order by ord) into t
    from (
      select line, ord, line ~ '\d' or exists (select from string_to_table(line, ' ') as w
        where w in ('zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve',
          'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen', 'twenty', 'thirty', 'forty',
          'fifty', 'sixty', 'seventy', 'eighty', 'ninety', 'hundred', 'thousand', 'million')) as numbered
      from string_to_table(t, E'\n') with ordinality as l(line, ord)
    ) as lines;
  end if;
  return t;
end
$function$;

-- function kpi_question_kind(text,text)
CREATE OR REPLACE FUNCTION public.kpi_question_kind(sentence text, plain text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  marked boolean := sentence ~ '\?[^\w]*$';
  aux constant text := '(?:is|are|am|was|were|do|does|did|can|could|would|will|should|shall|have|has|had|may|might)';
  person constant text := '(?:i|you|we|they|he|she|it|that|this|there|your|the|any|anyone|somebody|someone|those|these|today|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday)';
  lead constant text := '(?:(?:so|and|okay|oh|well|now|great|good|um|uh|hmm|but|then|also|right|alright|yes|yeah|sure|perfect|thanks|actually|just|or|first|next|got it|all right|thank you|out of curiosity|may i ask|can i ask|let me ask|let me ask you|i wonder|tell me) )*';
  noun constant text := '(?:date|price|rate|rates|score|fico|credit|income|amount|payment|payments|balance|address|name|number|employer|salary|budget|term|size|value|percentage|deadline|fee|fees|quote|taxes|debts|zip|state|county|lock|phone|email)';
  fact constant text := '(?:what (?:time|year|day|date|month|percent|percentage|state|city|county|zip|price|rate|amount|loan amount|payment|fees|type of|kind of (?:property|loan|home|house|job))'
    || '|what (?:is|are|was|were) (?:your|the|their|that|his|her) (?:\w+ ){0,3}' || noun || '(?! (?:that|which|you))'
    || '|what about|how (?:much|many|long|old|soon|often|far|big|high|low|tall|about|are you|is it going|you doing))\M';
  invite constant text := '(?:tell(?:ing)? me (?:a (?:bit|little) )?(?:more|about|what|how|why)|walk(?:ing)? me through|talk(?:ing)? me through|help(?:ing)? me understand|describ(?:e|ing)|shar(?:e|ing) (?:with me|a bit|more)|give me a sense|paint me|say more)';
begin
  -- Whatever asks has a question mark or one of these words.
  if not marked and plain !~ '\m(?:what|how|why|who|when|where|which|whose|is|are|am|was|were|do|does|did|can|could|would|will|should|shall|have|has|had|may|might|tell|telling|walk|walking|talk|talking|help|helping|describe|describing|share|sharing|give|paint|say)\M' then
    return null;
  end if;
  if trim(plain) ~ '^(?:\| )*(?:right|okay|ok|yeah|yes|huh|sure|really|hello|hi|pardon|sorry|hmm|and|good|all right|alright)(?: \|)*$' then
    return null;
  end if;
  -- A long expression is tried only where the words that it must find are there at all.
  -- Open by invitation, with or without a question mark: tell me about, walk me through.
  if plain ~ 'tell|walk|talk|help|descri|shar|give me|paint|say more' and plain ~ ('(?:^|\| )' || lead || '(?:(?:please|could you|can you|would you|will you|would you mind|maybe you could|if you could|i would love for you to|i would like you to) )*(?:just )?'
      || invite || '\M') and plain !~ '\m(?:let me|i will|i can|i could) (?:tell|walk|talk|describe|share|help)' then
    return 'open';
  end if;
  -- A question word with a verb at the start of a clause; "What I can do is …" is a statement.
  if (strpos(plain, 'what') > 0 or strpos(plain, 'how') > 0 or strpos(plain, 'why') > 0)
      and plain ~ ('(?:^|\| )' || lead || '(?:in )?(?:what|how|why)\M')
      and (marked or plain ~ ('(?:^|\| )' || lead || '(?:(?:what|why|how) (?:else )?(?:' || aux
        || '|about|if|matters|brings|brought|made|makes|worries|happens|happened|kind|type|sort|other|concerns|attracted|got|led|come)\M|how (?:much|many|long|old|soon|often|far) (?:' || aux || '|\w+ ' || aux || ')\M)')) then
    if plain ~ ('(?:^|\| )' || lead || fact) then
      return 'closed';
    end if;
    return 'open';
  end if;
  if strpos(plain, 'wh') > 0
      and plain ~ ('(?:^|\| )' || lead || '(?:who|when|where|which|whose)\M')
      and (marked or plain ~ ('(?:^|\| )' || lead || '(?:who|whose|where|which|when)(?: else| \w+)? ' || aux || ' ' || person || '\M')
        or plain ~ ('(?:^|\| )' || lead || '(?:who|where) (?:else )?(?:is|are|do|does|did|will)\M')) then
    return 'closed';
  end if;
  if plain ~ ('(?:^|\| )' || lead || aux || '(?: not)? ' || person || '\M') then
    if plain ~ ('\m(?:and|so|but|then) (?:what|how|why) ' || aux || ' ' || person || '\M') then
      return 'open';
    end if;
    return 'closed';
  end if;
  if marked then
    -- The question stands later in the clause: "And with that lender what happened?"
    if plain ~ ('\m(?:what|why|how) (?:' || aux || '|made|happened|matters|worries|about)\M') and plain !~ ('\m' || fact) then
      return 'open';
    end if;
    return 'closed';
  end if;
  -- Speech recognition without any stop: a question to "you" in the middle of the words.
  if sentence !~ '[.,!?]' then
    if plain ~ ('\m(?:what|why|how) ' || aux || ' (?:you|your)\M') then
      return 'open';
    end if;
    if plain ~ ('(?<!\m(?:if|that|as|than|when|how|what|where|who|why|which|whether|like|not)) (?:do|did|would|could|can|will|have|are) you\M') then
      return 'closed';
    end if;
  end if;
  return null;
end
$function$;

-- function kpi_raised(kpi_utterance[],kpi_sentence[],kpi_match[],jsonb)
CREATE OR REPLACE FUNCTION public.kpi_raised(utterances kpi_utterance[], sentences kpi_sentence[], matches kpi_match[], rubric jsonb)
 RETURNS TABLE(tag text, n integer, i integer, run integer)
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  with tagged as (
    select exists (select from unnest(utterances) where speaker = 'buyer' and array_remove(tags, 'unclear') <> '{}') as any_tags
  ), raised as (
    select o ->> 'tag' as tag, min(u.n) as n
    from jsonb_path_query(rubric, '$.objections[*]') as o
    join unnest(utterances) as u on u.speaker = 'buyer' and 'objection:' || (o ->> 'tag') = any (u.tags)
    group by o ->> 'tag'
    union all
    select m.id, min(s.n)
    from unnest(matches) as m join unnest(sentences) as s on s.sn = m.sn
    where m.kind = 'objection' and m.field = 'heard' and not (select any_tags from tagged)
    group by m.id
  )
  select r.tag, r.n, u.i, u.run from raised as r join unnest(utterances) as u on u.n = r.n order by r.n, r.tag
$function$;

-- function kpi_rates(kpi_sentence[])
CREATE OR REPLACE FUNCTION public.kpi_rates(sentences kpi_sentence[])
 RETURNS integer[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select array(select s.sn from unnest(sentences) as s
    where case when s.speaker = 'rep' and s.plain ~ '\d|\m(?:fives|sixes|sevens|eights)\M' then kpi_names_rate(s.plain)
      and (s.question is null or s.plain ~ '\m(?:rate|rates|apr|interest|sound|work)\M') end
    order by s.sn)
$function$;

-- function kpi_said(text[])
CREATE OR REPLACE FUNCTION public.kpi_said(plain text[])
 RETURNS TABLE(ord integer, said text)
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  t text := E'\n' || array_to_string(plain, E'\n') || E'\n';  -- one pass over everything; line k is sentence k
begin
  if t ~ '\m(?:(?:do|does|did|is|are|was|were|has|have|had|would|could|should|ca|wo)nt|(?:you|they)re|(?:you|they|we|i)ve|(?:you|they|it)ll|(?:that|what|there|it|here|he|she|who|how|where|nobody|everybody)s|im|ill|lets|gotta|youd)\M' then
    t := regexp_replace(t, '\m(do|does|did|is|are|was|were|has|have|had|would|could|should|ca|wo)nt\M', '\1 not', 'g');
    t := replace(replace(t, ' ca not', ' can not'), ' wo not', ' will not');
    t := regexp_replace(t, '\m(you|they)re\M', '\1 are', 'g');
    t := regexp_replace(t, '\m(you|they|we|i)ve\M', '\1 have', 'g');
    t := regexp_replace(t, '\m(you|they|it)ll\M', '\1 will', 'g');
    t := regexp_replace(t, '\m(that|what|there|it|here|he|she|who|how|where|nobody|everybody)s\M', '\1 is', 'g');
    t := regexp_replace(regexp_replace(t, '\mim\M', 'i am', 'g'), '\mill\M', 'i will', 'g');
    t := regexp_replace(regexp_replace(t, '\mlets\M', 'let us', 'g'), '\mgotta\M', 'have to', 'g');
    t := regexp_replace(t, '\myoud\M', 'you would', 'g');
  end if;
  t := regexp_replace(t, '\m(?:um+|uh+m?|er|erm|ah|hmm+|just|really|actually|honestly|basically|literally|simply|truly|frankly|you know|i mean|sort of|kind of)\M ?(?:\| )?', '', 'g');
  if strpos(t, ' 1') > 0 then
    t := replace(regexp_replace(t, '\m(no|any|some|every) 1\M', '\1one', 'g'), 'noone', 'nobody');
  end if;
  t := regexp_replace(t, '\n[ |]+', E'\n', 'g');
  t := regexp_replace(t, '(?: ?\|)+ ?', ', ', 'g');
  t := replace(regexp_replace(t, ' {2,}', ' ', 'g'), E' \n', E'\n');
  return query select l.ord::integer, ' ' || l.line || ' '
    from string_to_table(substr(t, 2, length(t) - 2), E'\n') with ordinality as l(line, ord);
end
$function$;

-- function kpi_sentences(kpi_utterance[])
CREATE OR REPLACE FUNCTION public.kpi_sentences(utterances kpi_utterance[])
 RETURNS kpi_sentence[]
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  -- All utterances at once: \x02 stands between two of them, \x01 is put between two sentences.
  t text := array_to_string(array(
    select replace(replace(u.text, E'\x01', E'\x03'), E'\x02', E'\x03') from unnest(utterances) as u order by u.n), E'\x02');
  result kpi_sentence[];
begin
  t := regexp_replace(t, '([.?!…]["''”)\]]*)(?=\s)', E'\\1\x01', 'g');
  -- A title ends no sentence, and neither does a stop before the first word.
  t := regexp_replace(t, E'(\\m(?:Mr|Mrs|Ms|Dr|St|No)[.?!…]["''”)\\]]*)\x01', '\1', 'g');
  t := regexp_replace(t, E'((?:^|[\x01\x02])\\s*[.?!…]["''”)\\]]*)\x01', '\1', 'g');

  with cut as (
    select said.n, p.k, length(p.piece) as size, case
        when ascii(p.piece) between 33 and 126 then 0
        when ascii(p.piece) = 32 and ascii(substr(p.piece, 2)) between 33 and 126 then 1
        else length(substring(p.piece from '^\s*'))
      end as blank
    from string_to_table(t, E'\x02') with ordinality as said(said, n),
      string_to_table(said.said, E'\x01') with ordinality as p(piece, k)
  ), placed as (
    select n, k, size - blank as size, (sum(size) over (partition by n order by k) - size + blank)::integer as before from cut
  ), pieces as materialized (
    select u.n, u.i, u.run, u.speaker, u.start_s, u.end_s, u.text, u.words, p.before,
      substr(u.text, p.before + 1, p.size) as quote, (row_number() over (order by p.n, p.k))::integer as sn
    from placed as p join unnest(utterances) as u on u.n = p.n
    where p.size > 0
  ), texts as materialized (
    -- What was said twice is read once.
    select quote, (row_number() over ())::integer as ord, asks from (
      select quote, bool_or(speaker = 'rep') as asks from pieces group by quote) as few
  ), plained as materialized (
    select t.quote, t.ord, t.asks, s.plain, s.stems, s.content
    from texts as t join kpi_stemmed(array(select x.quote from texts as x order by x.ord)) as s on s.ord = t.ord
  ), known as materialized (
    select p.quote, p.plain, p.stems, p.content, h.said,
      array_to_tsvector(string_to_array(nullif(trim(translate(h.said, ',', '')), ''), ' ')) as lexemes,
      case when p.asks then kpi_question_kind(p.quote, p.plain) end as question
    from plained as p join kpi_said(array(select x.plain from plained as x order by x.ord)) as h on h.ord = p.ord
  ), counted as (
    select *, case when words is not null then regexp_count(quote, '\S+') end as words_in from pieces
  ), timed as (
    select counted.*, known.plain, known.stems, known.content, known.said, known.lexemes, known.question,
      sum(words_in) over (partition by n order by sn)::integer - words_in as words_before,
      sum(words_in) over (partition by n) as words_all
    from counted join known using (quote)
  )
  select coalesce(array_agg(row(sn, n, i, run, speaker, rtrim(quote),
      round(1000 * case when exact then (words -> words_before ->> 'start')::numeric
        else start_s + (end_s - start_s) * before / length(text) end),
      round(1000 * case when exact then (words -> (words_before + words_in - 1) ->> 'end')::numeric
        else start_s + (end_s - start_s) * (before + length(quote)) / length(text) end),
      plain, stems, content, case when speaker = 'rep' then question end, said, lexemes)::kpi_sentence order by sn), '{}')
  into result
  from (
    select *, coalesce(jsonb_array_length(words) = words_all
      and jsonb_typeof(words -> words_before -> 'start') = 'number'
      and jsonb_typeof(words -> (words_before + words_in - 1) -> 'end') = 'number', false) as exact
    from timed
  ) as t;
  return result;
end
$function$;

-- function kpi_slim(jsonb)
CREATE OR REPLACE FUNCTION public.kpi_slim(rubric jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select case when jsonb_typeof(rubric) = 'object' then rubric - 'common' || coalesce((
      select jsonb_object_agg(part.key, case jsonb_typeof(part.value)
        when 'array' then (
          select coalesce(jsonb_agg(case when jsonb_typeof(item) = 'object' then item - listened else item end order by ord), '[]')
          from jsonb_array_elements(part.value) with ordinality as e(item, ord))
        else part.value - listened || case when jsonb_typeof(part.value -> 'others') = 'array' then jsonb_build_object('others', (
          select coalesce(jsonb_agg(item - listened order by ord), '[]')
          from jsonb_array_elements(part.value -> 'others') with ordinality as e(item, ord)
          where jsonb_typeof(item) = 'object')) else '{}' end end)
      from (values ('phrases', array['say']), ('forbidden', array['say', 'unless']), ('compliance', array['match']),
          ('objections', array['heard', 'acknowledge', 'explore', 'confirm', 'answer']), ('topics', array['ask']),
          ('motive', array['heard']), ('goal', array['ask', 'accept'])) as l(key, listened)
      join jsonb_each(rubric) as part on part.key = l.key
      where jsonb_typeof(part.value) in ('array', 'object')), '{}')
    else rubric end
$function$;

-- function kpi_speech(kpi_utterance[],kpi_sentence[],jsonb,boolean)
CREATE OR REPLACE FUNCTION public.kpi_speech(utterances kpi_utterance[], sentences kpi_sentence[], fillers jsonb, typed boolean)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  with asked as (
    select count(*) as questions, count(*) filter (where question = 'open') as open_questions
    from unnest(sentences) where speaker = 'rep' and question is not null
  ), follow_ups as (
    -- A question that takes up a word of what the buyer has just said.
    select count(distinct q.sn) as n
    from (
      select sn, run, w from unnest(sentences), unnest(content) as w where speaker = 'rep' and question is not null
    ) as q
    join (
      select run, w from unnest(sentences), unnest(content) as w where speaker = 'buyer' and length(w) >= 4
    ) as b on b.w = q.w and b.run = q.run - 1
  ), moods as (
    select speaker, round(sum(sentiment * length(text)) / sum(length(text)), 3) as mood
    from unnest(utterances) where sentiment is not null group by speaker
  ), rep as (
    select coalesce(sum(upper(r) - lower(r)), 0) as speech_s
    from (select range_agg(numrange(start_s, end_s)) as all_s from unnest(utterances) where speaker = 'rep') as x, unnest(all_s) as r
  ), filled as materialized (
    select kpi_fillers(utterances, fillers) as f
  )
  select jsonb_build_object(
    'filler_count', case when not typed then (f ->> 'count')::integer end,
    'fillers_per_minute', case when not typed and speech_s >= 10 then round(60 * (f ->> 'weighted')::numeric / speech_s, 2) end,
    'filler_ns', f -> 'ns',
    'question_count', questions,
    'open_question_count', open_questions,
    'open_question_share', case when questions > 0 then round(open_questions::numeric / questions, 3) end,
    'follow_up_count', follow_ups.n,
    'sentiment_rep', (select mood from moods where speaker = 'rep'),
    'sentiment_buyer', (select mood from moods where speaker = 'buyer'))
  from asked, follow_ups, rep, filled
$function$;

-- function kpi_stemmed(text[])
CREATE OR REPLACE FUNCTION public.kpi_stemmed(texts text[])
 RETURNS TABLE(ord integer, plain text, stems text, content text[])
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select l.ord::integer, l.line, ' ' || coalesce(w.stems, '') || ' ', coalesce(w.content, '{}')
  from string_to_table(kpi_plain(array_to_string(array(
      select replace(t, E'\n', ' ') from unnest(texts) with ordinality as x(t, k) order by k), E'\n')), E'\n')
      with ordinality as l(line, ord)
    -- One pass over everything above; line k is text k. Stop words have no stem of their own: they stay as they are and
    -- carry no meaning.
    cross join lateral (
      select string_agg(coalesce(lexemes[1], word), ' ' order by k) as stems,
        array_agg(distinct lexemes[1]) filter (where lexemes <> '{}' and word not in ('|', 'zzgap', 'let', 'us', 'would',
          'could', 'like', 'get', 'got', 'go', 'want', 'know', 'also', 'okay', 'say')) as content
      from (
        select word, k, ts_lexize('pg_catalog.english_stem', word) as lexemes
        from string_to_table(l.line, ' ') with ordinality as t(word, k) where word <> '' offset 0
      ) as stemmed
    ) as w
$function$;

-- function kpi_utterances(jsonb)
CREATE OR REPLACE FUNCTION public.kpi_utterances(transcript jsonb)
 RETURNS kpi_utterance[]
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  problem text;
  result kpi_utterance[];
begin
  if jsonb_typeof(transcript) <> 'array' then
    raise exception 'transcript is %, not a list of utterances', jsonb_typeof(transcript)
      using errcode = '22023', hint = 'Give a JSON list of objects with speaker, start, end and text.';
  end if;
  select format('transcript[%s]%s', ord - 1, case
      when jsonb_typeof(u) <> 'object' then ' is no object'
      when u ->> 'speaker' is null or u ->> 'speaker' not in ('rep', 'buyer')
        then format('.speaker is %s; use rep or buyer', coalesce(u -> 'speaker', 'null'))
      when jsonb_typeof(u -> 'text') is distinct from 'string' then '.text is no text'
      when jsonb_typeof(u -> 'start') is distinct from 'number' then '.start is no number of seconds'
      when jsonb_typeof(u -> 'end') is distinct from 'number' then '.end is no number of seconds'
      when (u ->> 'start')::numeric < 0 then '.start lies before the call'
      when (u ->> 'end')::numeric < (u ->> 'start')::numeric then '.end lies before its start'
      when (u ->> 'end')::numeric > 86400 then '.end lies more than a day after the call began'
    end)
  into problem
  from jsonb_array_elements(transcript) with ordinality as e(u, ord)
  where case
      when jsonb_typeof(u) <> 'object' then true
      when coalesce(u ->> 'speaker', '') not in ('rep', 'buyer') then true
      when jsonb_typeof(u -> 'text') is distinct from 'string' then true
      when jsonb_typeof(u -> 'start') is distinct from 'number' or jsonb_typeof(u -> 'end') is distinct from 'number' then true
      else (u ->> 'start')::numeric < 0 or (u ->> 'end')::numeric < (u ->> 'start')::numeric or (u ->> 'end')::numeric > 86400
    end
  order by ord limit 1;
  if problem is not null then
    raise exception '%', problem using errcode = '22023', hint = 'docs/reference/schemas/transcript.json says how a transcript looks.';
  end if;

  with said as (
    select
      row_number() over (order by (u ->> 'start')::numeric, (u ->> 'speaker') = 'buyer', ord)::integer as n,
      case when jsonb_typeof(u -> 'i') = 'number' and (u ->> 'i')::numeric between 0 and 1000000
        then (u ->> 'i')::numeric::integer else (ord - 1)::integer end as i,
      u ->> 'speaker' as speaker,
      round((u ->> 'start')::numeric, 3) as start_s,
      round(case when jsonb_typeof(u -> 'heard_until') = 'number'
        then greatest((u ->> 'start')::numeric, least((u ->> 'end')::numeric, (u ->> 'heard_until')::numeric))
        else (u ->> 'end')::numeric end, 3) as end_s,
      round((u ->> 'end')::numeric, 3) as planned_end_s,
      u ->> 'text' as text,
      case when jsonb_typeof(u -> 'words') = 'array' then u -> 'words' end as words,
      case when jsonb_typeof(u -> 'tags') = 'array'
        then array(select t from jsonb_array_elements_text(u -> 'tags') as t) else '{}' end as tags,
      case when jsonb_typeof(u -> 'sentiment') = 'number'
        then greatest(-1, least(1, (u ->> 'sentiment')::numeric)) end as sentiment
    from jsonb_array_elements(transcript) with ordinality as e(u, ord)
    where u ->> 'text' ~ '\w'
  ), neighbours as (
    select *, lag(speaker) over w as speaker_before, lead(speaker) over w as speaker_after,
      lag(end_s) over w as end_before, lag(text) over w as text_before, lag(start_s) over w as start_before
    from said
    window w as (order by n)
  ), asides as (
    -- A back-channel inside or between the other's words takes no turn; after a question the same word is an answer.
    select *, speaker_before <> speaker
      and (end_s <= end_before or speaker_after <> speaker and text_before !~ '\?[^\w]*$')
      and kpi_is_backchannel(text) as aside
    from neighbours
  ), changes as (
    select *, case when not coalesce(aside, false)
      and speaker is distinct from lag(speaker) over (partition by coalesce(aside, false) order by n) then 1 else 0 end as change
    from asides
  )
  select coalesce(array_agg(row(n, i, speaker, start_s, end_s, planned_end_s, text, words, tags, sentiment,
      coalesce(aside, false), run)::kpi_utterance order by n), '{}')
  into result
  from (
    select *, (sum(change) over (order by n))::integer as run from changes
  ) as numbered;
  return result;
end
$function$;

-- function latest_official(integer)
CREATE OR REPLACE FUNCTION public.latest_official(at_most integer DEFAULT 50)
 RETURNS TABLE(attempt_id uuid, user_id uuid, scenario_id uuid, status text, score numeric, created_at timestamp with time zone)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    as_role constant text := claim_role();
    people uuid[];
begin
    if org is null then
        return;
    elsif as_role in ('admin', 'hr') then
        return query select a.id, a.user_id, a.scenario_id, a.status::text, a.score, a.created_at from scenario_attempts a
            where a.org_id = org and a.mode = 'official' order by a.created_at desc limit at_most;
    elsif as_role = 'manager' then
        people := users_below(org, claim_user_id());
        -- A sub-query instead of = any: the planner then reads in order instead of fetching all and sorting.
        return query select a.id, a.user_id, a.scenario_id, a.status::text, a.score, a.created_at from scenario_attempts a
            where a.org_id = org and a.mode = 'official' and (a.user_id in (select unnest(people))) is true
            order by a.created_at desc limit at_most;
    end if;
end
$function$;

-- function leaderboard(date,integer)
CREATE OR REPLACE FUNCTION public.leaderboard(of_month date, at_most integer DEFAULT 50)
 RETURNS TABLE(user_id uuid, user_name text, team_id uuid, team_name text, place integer, average_score numeric, best_score numeric, attempts integer, passed integer, minutes numeric)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    as_role constant text := claim_role();
    teams uuid[];
begin
    if org is null then
        return;
    elsif as_role in ('admin', 'hr') then
        return query select m.user_id, d.name::text, m.team_id, d.team_name::text, m.place, m.average_score, m.best_score, m.attempts,
                m.passed, m.minutes
            from mv_leaderboard_month m join dim_users d on d.user_key = m.user_key
            where m.org_id = org and m.month = of_month order by m.place, m.user_id limit at_most;
    else
        teams := case as_role when 'manager' then managed_team_ids() else array[my_team_id()] end;
        return query select m.user_id, d.name::text, m.team_id, d.team_name::text, m.place, m.average_score, m.best_score, m.attempts,
                m.passed, m.minutes
            from mv_leaderboard_month m join dim_users d on d.user_key = m.user_key
            where m.org_id = org and m.month = of_month and (m.team_id = any (teams) or m.user_id = claim_user_id())
            order by m.place, m.user_id limit at_most;
    end if;
end
$function$;

-- function managed_team_ids()
CREATE OR REPLACE FUNCTION public.managed_team_ids()
 RETURNS uuid[]
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
    org constant uuid := claim_org_id();
begin
    return (
        with recursive below as (
            select t.id from teams t where t.org_id = org and t.manager_id = claim_user_id()
            union
            select t.id from teams t join below b on t.parent_id = b.id where t.org_id = org
        )
        select coalesce(array_agg(id), '{}') from below);
end
$function$;

-- function managed_user_ids()
CREATE OR REPLACE FUNCTION public.managed_user_ids()
 RETURNS uuid[]
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
    org constant uuid := claim_org_id();
begin
    return (
        with recursive below as (
            select t.id from teams t where t.org_id = org and t.manager_id = claim_user_id()
            union
            select t.id from teams t join below b on t.parent_id = b.id where t.org_id = org
        )
        select coalesce(array_agg(u.id), '{}') from users u where u.org_id = org and u.team_id in (select id from below));
end
$function$;

-- function manages_user(uuid)
CREATE OR REPLACE FUNCTION public.manages_user(who uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'public'
AS $function$ select who = any (managed_user_ids()) $function$;

-- function may_correct_attempt(uuid,uuid)
CREATE OR REPLACE FUNCTION public.may_correct_attempt(attempt uuid, rep uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'public'
AS $function$
        select exists (
            select from scenario_attempts a
            where a.id = attempt and a.user_id = rep and a.org_id = claim_org_id() and a.mode = 'official'
              and a.user_id <> claim_user_id() and claim_role() in ('admin', 'manager'))
    $function$;

-- function may_read_attempt(uuid,boolean)
CREATE OR REPLACE FUNCTION public.may_read_attempt(attempt uuid, words boolean)
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'public'
AS $function$
        select exists (
            select 1 from scenario_attempts a
            where a.id = attempt and a.org_id = claim_org_id()
              and (a.user_id = claim_user_id() or not words or claim_role() <> 'hr'))
    $function$;

-- function may_read_object(text,text)
CREATE OR REPLACE FUNCTION public.may_read_object(bucket text, path text)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
        -- This runs as the owner, past all policies: so it names the claims and the rules itself.
        select case
            when current_setting('role', true) = 'parley_service' then true
            when claim_org_id() is null or claim_user_id() is null then false
            when bucket in ('recordings', 'transcripts') then exists (
                select from scenario_attempts a
                left join attempt_recordings r on r.attempt_id = a.id
                left join attempt_transcripts t on t.attempt_id = a.id
                where a.org_id = claim_org_id()
                  and a.id::text = substring(may_read_object.path from '^[0-9a-f-]{36}/([0-9a-f-]{36})\.[a-z0-9]+$')
                  and case bucket when 'recordings' then r.path = may_read_object.path
                      else may_read_object.path in (t.path, regexp_replace(t.path, 'json$', 'txt')) end
                  and (a.user_id = claim_user_id()
                       or a.mode = 'official' and (claim_role() = 'admin'
                           or claim_role() = 'manager' and a.user_id = any (managed_user_ids()))))
            when bucket in ('avatars', 'org-assets', 'scenario-assets') then path like claim_org_id() || '/%'
            when bucket = 'exports' then path like claim_org_id() || '/' || claim_user_id() || '/%'
            else false
        end
    $function$;

-- function memberships_of(uuid)
CREATE OR REPLACE FUNCTION public.memberships_of(who uuid)
 RETURNS TABLE(user_id uuid, org_id uuid, role text, first_name text, last_name text, email text, org_name text, timezone text, locale text, avatar_url text, logo_url text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
        select u.id, u.org_id, u.role, u.first_name, u.last_name, u.email, o.name, coalesce(nullif(u.timezone, ''), o.timezone),
            u.locale, u.avatar_url, o.logo_url
        from users u join orgs o on o.id = u.org_id
        where u.identity_id = who and u.is_active
        order by u.created_at, u.id
    $function$;

-- function my_assignments()
CREATE OR REPLACE FUNCTION public.my_assignments()
 RETURNS TABLE(assignment_id uuid, title text, scenario_key text, track_id uuid, due_at timestamp with time zone, given_at timestamp with time zone, steps integer, steps_done integer, attempts integer, best_score numeric, done_at timestamp with time zone, next_key text, state text)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
begin
    return query
    select p.assignment_id, coalesce(k.title, s.title)::text, s.key::text, p.track_id, p.due_at, p.given_at, p.steps, p.steps_done,
        p.attempts, p.best_score, p.done_at, p.next_key::text,
        case when p.done_at is not null then 'done' when p.due_at < now() then 'overdue' else 'open' end
    from assignment_progress_now p left join tracks k on k.id = p.track_id left join scenarios s on s.id = p.scenario_id
    where p.org_id = org and p.user_id = claim_user_id()
    order by p.done_at is not null, p.due_at nulls last, p.given_at, p.assignment_id;
end
$function$;

-- function my_team_id()
CREATE OR REPLACE FUNCTION public.my_team_id()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'public'
AS $function$ select u.team_id from users u where u.id = (select claim_user_id()) and u.org_id = (select claim_org_id()) $function$;

-- function news_since(bigint,integer)
CREATE OR REPLACE FUNCTION public.news_since(since bigint, at_most integer DEFAULT 500)
 RETURNS TABLE(id bigint, tx bigint, event text, subject_type text, subject_id uuid)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    me constant uuid := claim_user_id();
    as_role constant text := claim_role();
    people uuid[] := '{}';
    teams uuid[];
    newest bigint[];
begin
    if org is null then
        return;
    end if;
    if as_role = 'manager' then
        people := managed_user_ids();
    end if;
    teams := (select array_agg(u.team_id) from users u where u.id = me and u.team_id is not null);
    if as_role = 'manager' then
        teams := teams || managed_team_ids();
    end if;
    newest := array(
        select e.id from events e
        where e.org_id = org and e.tx >= coalesce(since, 0)
          -- Numbers that have not been given out yet come from a database that was restored.
          and e.tx < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
          and e.at > now() - case when since is null then interval '1 minute' else interval '1 day' end
        limit at_most + 1);
    if cardinality(newest) > at_most then
        return query select 0::bigint, 0::bigint, 'reset', ''::text, null::uuid;
        return;
    end if;
    return query
        select r.id, r.tx, r.event::text, r.subject_type::text, r.subject_id from events r
        where r.id = any (newest) and case r.subject_type
            when 'attempt' then exists (
                select from scenario_attempts a where a.id = r.subject_id and a.org_id = org
                  and (a.user_id = me or a.mode = 'official' and (as_role in ('admin', 'hr') or a.user_id = any (people))))
            when 'assignment' then exists (
                select from assignments a where a.id = r.subject_id and a.org_id = org
                  and (a.user_id = me or a.team_id = any (teams) or as_role in ('admin', 'hr') or a.user_id = any (people)))
            when 'scenario' then exists (
                select from scenarios s where s.id = r.subject_id and s.org_id = org
                  and (s.status <> 'draft' or as_role in ('admin', 'manager')))
            when 'org' then r.subject_id = org
            else as_role = 'admin' or r.actor_id = me
        end
        order by r.tx, r.id;
end
$function$;

-- function number_consent_text()
CREATE OR REPLACE FUNCTION public.number_consent_text()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
    new.consent_version := old.consent_version + 1;
    return new;
end
$function$;

-- function only_numbers(jsonb)
CREATE OR REPLACE FUNCTION public.only_numbers(document jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public'
AS $function$
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
$function$;

-- function overrides_of(uuid)
CREATE OR REPLACE FUNCTION public.overrides_of(attempt uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select jsonb_object_agg(criterion, share) filter (where share is not null)
  from (select distinct on (o.criterion) o.criterion, o.share from criterion_overrides as o
    where o.attempt_id = attempt order by o.criterion, o.created_at desc, o.id) as newest
$function$;

-- function overview_by_day(date)
CREATE OR REPLACE FUNCTION public.overview_by_day(since date)
 RETURNS TABLE(day date, attempts bigint, scored bigint, average_score numeric, passed bigint, goals_hit bigint, compliance_failed bigint, minutes numeric)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    as_role constant text := claim_role();
    teams uuid[];
begin
    if org is null or as_role not in ('admin', 'hr', 'manager') then
        return;
    end if;
    if as_role = 'manager' then
        teams := managed_team_ids();
    end if;
    return query select m.day, sum(m.attempts), sum(m.scored), round(sum(m.score_sum) / nullif(sum(m.scored), 0), 1), sum(m.passed),
            sum(m.goals_hit), sum(m.compliance_failed), sum(m.minutes)
        from mv_org_overview m
        where m.org_id = org and m.day >= since and (teams is null or m.team_id = any (teams))
        group by m.day order by m.day;
end
$function$;

-- function progress_of(uuid)
CREATE OR REPLACE FUNCTION public.progress_of(who uuid)
 RETURNS TABLE(day date, average_score numeric, attempts bigint)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    as_role constant text := claim_role();
begin
    if org is null or who is null then
        return;
    elsif who = claim_user_id() then
        return query select f.day, round(avg(f.score), 1), count(*) from fact_scenario_attempts f
            where f.org_id = org and f.user_id = who group by f.day order by f.day;
    elsif as_role in ('admin', 'hr') or as_role = 'manager' and who = any (managed_user_ids()) then
        return query select f.day, round(avg(f.score), 1), count(*) from fact_scenario_attempts f
            where f.org_id = org and f.user_id = who and f.mode = 'official' group by f.day order by f.day;
    end if;
end
$function$;

-- function refresh_reporting()
CREATE OR REPLACE FUNCTION public.refresh_reporting()
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
    asked_at timestamptz := clock_timestamp();
    began timestamptz;
    view text;
begin
    -- One refresh at a time. Whoever waited for one that began after their call shares it, unless they carry changes that
    -- nobody else can see yet.
    perform pg_advisory_xact_lock(hashtextextended('parley.refresh_reporting', 0));
    if pg_current_xact_id_if_assigned() is null
       and (select count(*) from reporting_refreshes r where r.began_at > asked_at) = 7 then
        return false;
    end if;
    foreach view in array array['mv_leaderboard_month', 'mv_org_overview', 'mv_scenario_insights', 'mv_team_weeks', 'mv_rep_standing',
        'mv_usage_days', 'mv_assignment_progress'] loop
        began := clock_timestamp();
        execute format('refresh materialized view concurrently %I', view);
        insert into reporting_refreshes as r (view_name, began_at, took_ms)
        values (view, began, extract(epoch from clock_timestamp() - began) * 1000)
        on conflict on constraint reporting_refreshes_pkey do update set began_at = excluded.began_at, took_ms = excluded.took_ms;
    end loop;
    return true;
end
$function$;

-- function remove_newcomers(uuid[])
CREATE OR REPLACE FUNCTION public.remove_newcomers(newcomers uuid[])
 RETURNS uuid[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
    gone uuid[];
begin
    if claim_org_id() is null or claim_role() <> 'admin' then
        raise exception 'only an admin may remove people who never came' using errcode = '42501';
    end if;
    -- Who signed in, practised, leads a team or gave something to others stays.
    gone := array(
        select u.id from users u
        where u.id = any (newcomers) and u.org_id = claim_org_id() and u.identity_id is null and u.last_login_at is null
            and not exists (select from scenario_attempts a where a.user_id = u.id)
            and not exists (select from teams t where t.manager_id = u.id)
            and not exists (select from assignments a where a.assigned_by_id = u.id)
        for update of u);
    delete from assignments a where a.user_id = any (gone);
    delete from consents c where c.user_id = any (gone);
    delete from dim_users d where d.user_id = any (gone);
    delete from users u where u.id = any (gone);
    update audit_log l set old = null, new = null
        where l.org_id = claim_org_id() and l.table_name = 'users' and l.row_id = any (gone::text[]);
    return gone;
end
$function$;

-- function rescored(uuid,boolean)
CREATE OR REPLACE FUNCTION public.rescored(target uuid, measure_again boolean DEFAULT false)
 RETURNS TABLE(attempt_id uuid, user_id uuid, mode text, started_at timestamp with time zone, from_version integer, kept boolean, new_kpis jsonb, before jsonb, after jsonb, move jsonb)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET min_parallel_table_scan_size TO '0'
 SET min_parallel_index_scan_size TO '0'
 SET parallel_setup_cost TO '0'
 SET parallel_tuple_cost TO '0'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  -- What only weighs and names, as against what the words are searched for.
  weighing constant text[] := array['version', 'title', 'pass_mark', 'criteria', 'gates'];
  new_rubric jsonb;
  slim jsonb;
  ids uuid[];
  numbers integer[];  -- the version of each of ids
  same integer[];
  drafts integer[];
  listens jsonb;
  compiled kpi_phrase[];
  wanted record;
begin
  select s.org_id, s.key, s.version, s.rubric into wanted from scenarios as s where s.id = target;
  new_rubric := wanted.rubric;
  listens := new_rubric - weighing;
  compiled := kpi_compiled(new_rubric);
  slim := score_rubric(new_rubric);
  -- A published rubric is not edited, so that one look says what every attempt of its version is held by; of a draft each has its own.
  select coalesce(array_agg(v.version) filter (where v.status <> 'draft' and v.rubric - weighing = listens), '{}'),
    coalesce(array_agg(v.version) filter (where v.status = 'draft'), '{}')
  into same, drafts
  from scenarios as v where v.org_id = wanted.org_id and v.key = wanted.key;
  select array_agg(v.id order by v.version), array_agg(v.version order by v.version) into ids, numbers
  from scenarios as v where v.org_id = wanted.org_id and v.key = wanted.key;
  return query
  with due as (
    select a.id, a.user_id, a.mode, coalesce(a.started_at, a.created_at) as started_at, a.rubric, coalesce(w.kpis, a.kpis) as kpis,
      a.score_breakdown, t.transcript, coalesce((a.versions ->> 'rubric_from')::integer, numbers[array_position(ids, a.scenario_id)]) as from_version
    from scenario_attempts as a
    left join attempt_words as w on w.attempt_id = a.id
    left join attempt_transcripts as t on t.attempt_id = a.id
    -- The attempts are what the cores share out; a join that began with the few versions would leave all of them to one.
    where a.org_id = wanted.org_id and a.scenario_id = any (ids) and a.status = 'scored'
      and (measure_again or coalesce((a.versions ->> 'rubric_from')::integer, numbers[array_position(ids, a.scenario_id)])
        <> wanted.version)
  ), decided as (
    select n.attempt_id, jsonb_object_agg(n.criterion, n.share) filter (where n.share is not null) as overrides
    from (select distinct on (o.attempt_id, o.criterion) o.attempt_id, o.criterion, o.share from criterion_overrides as o
      where o.org_id = wanted.org_id order by o.attempt_id, o.criterion, o.created_at desc, o.id) as n
    group by n.attempt_id
  ), sorted as (
    select d.*, case when measure_again then true when d.from_version = any (drafts) then d.rubric - weighing <> listens
      else d.from_version <> all (same) end as reads_words
    from due as d
    offset 0  -- computed once per row, although used more than once below
  ), measured as (
    -- Verdicts of a judge stay as long as their anchors do.
    select m.*, case when m.reads_words and m.transcript is null then null
        when m.reads_words then compute_kpis(m.transcript, new_rubric, compiled) else m.kpis - 'judged' end
      || case when jsonb_typeof(m.kpis -> 'judged') = 'array' then jsonb_build_object('judged', (
          select coalesce(jsonb_agg(k), '[]') from jsonb_array_elements(m.kpis -> 'judged') as k
          where exists (select from jsonb_path_query(new_rubric, '$.criteria[*] ? (@.kind == "judge")') as c
            where c ->> 'id' = k ->> 'id' and c -> 'anchors' = (select o -> 'anchors'
              from jsonb_path_query(m.rubric, '$.criteria[*]') as o where o ->> 'id' = c ->> 'id')))) else '{}' end as kpis_now
    from sorted as m
    offset 0
  ), scored as (
    select m.id, m.user_id, m.mode, m.started_at, m.from_version, m.kpis, m.kpis_now, m.score_breakdown,
      case when m.kpis_now is not null then compute_score(m.kpis_now, slim, coalesce(d.overrides, '{}')) end as breakdown
    from measured as m left join decided as d on d.attempt_id = m.id
    offset 0  -- not materialized: whatever is kept in between is made by one core alone
  )
  select s.id, s.user_id, s.mode::text, s.started_at, s.from_version, s.breakdown is null, nullif(s.kpis_now, s.kpis), s.score_breakdown,
    coalesce(s.breakdown, s.score_breakdown), case when s.breakdown is not null then score_move(s.score_breakdown, s.breakdown) end
  from scored as s;
end
$function$;

-- function roster(uuid,text,text,text,integer,integer,timestamp with time zone,uuid)
CREATE OR REPLACE FUNCTION public.roster(in_team uuid DEFAULT NULL::uuid, in_state text DEFAULT ''::text, named text DEFAULT ''::text, in_order text DEFAULT 'help'::text, at_most integer DEFAULT 25, from_row integer DEFAULT 0, since timestamp with time zone DEFAULT (now() - '28 days'::interval), of_user uuid DEFAULT NULL::uuid)
 RETURNS TABLE(user_id uuid, name text, team_id uuid, team_name text, joined_at timestamp with time zone, scored integer, last_official_at timestamp with time zone, latest_scores numeric[], average_score numeric, is_falling boolean, broke_rule_at timestamp with time zone, broke_rule_in uuid, broken_rule text, assigned bigint, done bigint, overdue bigint, first_due_at timestamp with time zone, reasons integer, matching bigint, people bigint, in_need bigint, silent bigint)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    teams constant uuid[] := teams_in_view(in_team);
begin
    return query
    with given as (
        select p.user_id, count(*) as assigned, count(p.done_at) as done,
            count(*) filter (where p.done_at is null and p.due_at < now()) as overdue,
            min(p.due_at) filter (where p.done_at is null) as first_due_at
        from mv_assignment_progress p where p.org_id = org and (of_user is null or p.user_id = of_user) group by p.user_id
    ), rep as (
        select u.id as user_id, coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email) as name, u.team_id,
            coalesce(t.name, '') as team_name, u.created_at as joined_at, coalesce(s.scored, 0) as scored, s.last_official_at,
            s.latest_scores, s.average_score, coalesce(s.is_falling and s.last_official_at >= since, false) as is_falling,
            case when s.broke_rule_at >= since then s.broke_rule_at end as broke_rule_at, s.broke_rule_in, s.broken_rule,
            coalesce(g.assigned, 0) as assigned, coalesce(g.done, 0) as done, coalesce(g.overdue, 0) as overdue, g.first_due_at
        from users u
        left join teams t on t.id = u.team_id
        left join mv_rep_standing s on s.org_id = org and s.user_id = u.id
        left join given g on g.user_id = u.id
        where u.org_id = org and u.is_active and u.role = 'trainee' and (teams is null or u.team_id = any (teams))
          and (of_user is null or u.id = of_user)
    ), judged as (
        select r.*, (r.overdue > 0)::integer + r.is_falling::integer + (r.broke_rule_at is not null)::integer as reasons from rep r
    ), total as (
        select count(*) as people, count(*) filter (where reasons > 0) as in_need,
            count(*) filter (where last_official_at is null or last_official_at < since) as silent from judged
    ), chosen as (
        select j.* from judged j
        where case in_state when 'help' then j.reasons > 0 when 'overdue' then j.overdue > 0 when 'falling' then j.is_falling
                when 'compliance' then j.broke_rule_at is not null
                when 'quiet' then j.last_official_at is null or j.last_official_at < since else true end
          and (named = '' or strpos(lower(j.name), lower(named)) > 0)
    )
    select c.user_id, c.name::text, c.team_id, c.team_name::text, c.joined_at, c.scored, c.last_official_at, c.latest_scores,
        c.average_score, c.is_falling, c.broke_rule_at, c.broke_rule_in, c.broken_rule::text, c.assigned, c.done, c.overdue,
        c.first_due_at, c.reasons, count(*) over (), t.people, t.in_need, t.silent
    from total t left join chosen c on true
    order by case when in_order = 'help' then c.reasons end desc nulls last,
        case when in_order = 'help' then c.overdue end desc nulls last,
        case when in_order = 'score' then c.average_score end desc nulls last,
        case when in_order = 'low' then c.average_score end nulls last,
        case when in_order = 'last' then c.last_official_at end desc nulls last, c.name, c.user_id
    limit at_most offset from_row;
end
$function$;

-- function rubric_problem(jsonb)
CREATE OR REPLACE FUNCTION public.rubric_problem(rubric jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'public'
AS $function$
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
    $function$;

-- function scenario_totals(date,date,uuid)
CREATE OR REPLACE FUNCTION public.scenario_totals(since date, until date, in_team uuid DEFAULT NULL::uuid)
 RETURNS TABLE(scenario_key text, attempts bigint, scored bigint, score_sum numeric, passed bigint, failed bigint)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    teams constant uuid[] := teams_in_view(in_team);
begin
    return query select m.scenario_key::text, sum(m.attempts), sum(m.scored), sum(m.score_sum), sum(m.passed), sum(m.failed)
        from mv_team_weeks m
        where m.org_id = org and m.week >= since and m.week < until and (teams is null or m.team_id = any (teams))
        group by m.scenario_key order by m.scenario_key;
end
$function$;

-- function score_attempt(uuid)
CREATE OR REPLACE FUNCTION public.score_attempt(attempt_id uuid)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  attempt record;
  new_kpis jsonb;
  breakdown jsonb;
begin
  -- The attempt keeps numbers; with words the same KPIs stand apart.
  select a.id, a.status, a.rubric, coalesce(w.kpis, a.kpis) as kpis, t.transcript into attempt
  from scenario_attempts as a left join attempt_transcripts as t on t.attempt_id = a.id
    left join attempt_words as w on w.attempt_id = a.id
  where a.id = score_attempt.attempt_id
  for no key update of a;
  if not found then
    raise exception 'attempt % does not exist or may not be seen', attempt_id using errcode = 'P0002';
  end if;
  if attempt.status not in ('ended', 'scored') then
    raise exception 'attempt % is %; only a finished attempt is scored', attempt_id, attempt.status using errcode = '55000';
  end if;
  -- Once the words are forgotten, what was measured in them stands.
  new_kpis := case when attempt.transcript is null and attempt.kpis is not null then attempt.kpis
    else compute_kpis(coalesce(attempt.transcript, '[]'), attempt.rubric)
      || case when attempt.kpis ? 'judged' then jsonb_build_object('judged', attempt.kpis -> 'judged') else '{}' end end;
  breakdown := compute_score(new_kpis, attempt.rubric, coalesce(overrides_of(attempt.id), '{}'));
  -- A score that somebody may have seen stays in the history when another takes its place.
  update scenario_attempts as a
  set score_history = case when a.status = 'scored' and a.score_breakdown -> 'total' is distinct from breakdown -> 'total'
      then a.score_history || jsonb_build_array(score_entry(a.score_breakdown, a.scored_at, a.versions, '{"cause": "scored_again"}'))
      else a.score_history end,
    kpis = new_kpis, score = (breakdown ->> 'total')::numeric, score_breakdown = breakdown, status = 'scored',
    scored_at = now(), updated_at = now()
  where id = attempt.id;
  return breakdown;
end
$function$;

-- function score_criterion(jsonb,jsonb,jsonb)
CREATE OR REPLACE FUNCTION public.score_criterion(kpis jsonb, rubric jsonb, criterion jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  kind text := criterion ->> 'kind';
  chosen jsonb := coalesce(criterion -> 'of', '[]');
  evidence jsonb := coalesce(kpis -> 'evidence', '{}');
  steps text[] := case when jsonb_array_length(coalesce(criterion -> 'steps', '[]')) > 0
    then array(select jsonb_array_elements_text(criterion -> 'steps'))
    else array['listened', 'acknowledged', 'explored', 'answered', 'confirmed'] end;
  result jsonb;
begin
  if kind = 'kpi' and jsonb_array_length(coalesce(criterion -> 'parts', '[]')) = 0 then
    return score_kpi(kpis, criterion) || jsonb_build_object('evidence', coalesce(evidence -> (criterion ->> 'measure'), '[]'));
  elsif kind = 'kpi' then
    select jsonb_build_object('share', round(avg((p ->> 'share')::numeric) filter (where jsonb_typeof(p -> 'share') = 'number'), 4),
        'value', null, 'unit', null, 'parts', jsonb_agg(p order by ord),
        'why', string_agg(p ->> 'why', '. ' order by ord) || '.',
        'evidence', coalesce((select jsonb_agg(e) from jsonb_array_elements(criterion -> 'parts') as q,
          lateral (select e from jsonb_array_elements(coalesce(evidence -> (q ->> 'measure'), '[]')) as e limit 3) as first), '[]'))
    into result
    from jsonb_array_elements(criterion -> 'parts') with ordinality as x(part, ord), lateral score_kpi(kpis, part) as p;
  elsif kind = 'phrase' then
    select jsonb_build_object('value', count(*) filter (where done), 'unit', 'phrases',
        'share', round(count(*) filter (where done)::numeric / nullif(count(done), 0), 4),
        'why', case when count(done) = 0 then 'Nothing called for it in this call' else
          format('%s of %s said', count(*) filter (where done), count(done))
          || coalesce('; missing: ' || string_agg(label, ', ' order by ord) filter (where not done), '') end,
        'evidence', coalesce((select jsonb_agg(e) from jsonb_path_query(kpis, '$.phrases[*]') as k,
          jsonb_array_elements(coalesce(evidence -> ('phrase:' || (k ->> 'id')), '[]')) as e
          where chosen = '[]' or chosen ? (k ->> 'id')), '[]'))
    into result
    from (
      select ord, p ->> 'label' as label,
        (select (k ->> 'found')::boolean from jsonb_path_query(kpis, '$.phrases[*]') as k
          where k ->> 'id' = p ->> 'id' and jsonb_typeof(k -> 'found') = 'boolean') as done
      from jsonb_path_query(rubric, '$.phrases[*]') with ordinality as x(p, ord)
      where chosen = '[]' or chosen ? (p ->> 'id')
    ) as wanted;
  elsif kind = 'objection' then
    -- All five steps count as compute_kpis weighs them; chosen steps count alike, those without enough to judge left out.
    select jsonb_build_object('value', share, 'unit', 'share', 'share', share,
        'why', case when lines is null then 'No objection came up' when share is null then 'Not enough to judge' else lines end,
        'evidence', coalesce((select jsonb_agg(e) from jsonb_path_query(kpis, '$.objections[*]') as k,
          jsonb_array_elements(coalesce(evidence -> ('objection:' || (k ->> 'tag')), '[]')) as e), '[]'))
    into result
    from (
      select round(case when cardinality(steps) = 5 then score_value(kpis, 'objection_share')
          else avg(done::numeric / nullif(done + missed, 0)) end, 4) as share,
        string_agg(format('%s: %s', label, coalesce(nullif(did, ''), 'nothing') || coalesce('; missing ' || missing, '')), '. '
          order by ord) || '.' as lines
      from (
        select k.ord, coalesce((select o ->> 'label' from jsonb_path_query(rubric, '$.objections[*]') as o
            where o ->> 'tag' = k.k ->> 'tag'), k.k ->> 'tag') as label,
          count(*) filter (where k.k -> step = 'true') as done, count(*) filter (where k.k -> step = 'false') as missed,
          string_agg(step, ', ' order by n) filter (where k.k -> step = 'true') as did,
          string_agg(step, ', ' order by n) filter (where k.k -> step = 'false') as missing
        from jsonb_path_query(kpis, '$.objections[*]') with ordinality as k(k, ord), unnest(steps) with ordinality as s(step, n)
        group by k.ord, k.k
      ) as taken
    ) as summed;
  elsif kind = 'topic' then
    select jsonb_build_object('value', count(*) filter (where asked), 'unit', 'topics',
        'share', case when jsonb_array_length(coalesce(criterion -> 'bands', '[]')) = 0
          then round(count(*) filter (where asked)::numeric / nullif(count(*), 0), 4)
          else score_share(round(count(*) filter (where asked)::numeric / nullif(count(*), 0), 3), criterion -> 'bands',
            coalesce(criterion ->> 'between', 'linear')) end,
        'why', format('%s of %s discovery topics asked', count(*) filter (where asked), count(*))
          || coalesce('; full marks from ' || ceil(count(*)
            * (jsonb_path_query_first(criterion -> 'bands', '$[*] ? (@.share == 1)') ->> 'from')::numeric), '')
          || coalesce('; not asked: ' || array_to_string((array_agg(label order by ord) filter (where not asked))[1:4], ', '), ''),
        'evidence', coalesce(evidence -> 'discovery', '[]'))
    into result
    from (
      select ord, t ->> 'label' as label, exists (select from jsonb_path_query(kpis, '$.topics[*]') as k
        where k ->> 'id' = t ->> 'id' and jsonb_typeof(k -> 'covered_at') = 'number') as asked
      from jsonb_path_query(rubric, '$.topics[*] ? (@.discovery == true)') with ordinality as x(t, ord)
    ) as topics;
  elsif kind = 'goal' then
    select case when jsonb_typeof(g) = 'object' then jsonb_build_object('value', share, 'unit', 'share', 'share', share,
        'why', coalesce(
            (select o ->> 'label' from jsonb_path_query(rubric, '$.goal.others[*]') as o where o ->> 'id' = g ->> 'id' limit 1),
            rubric -> 'goal' ->> 'label', g ->> 'id') || ': ' || case share
          when 1 then 'agreed' || case when dated then ', with a day or time' else '' end
          when 0.8 then 'agreed, but no day or time was named'
          when 0.5 then 'proposed with a day or time, not agreed'
          when 0.3 then 'proposed without a day or time, not agreed'
          else 'never proposed' end,
        'evidence', coalesce(evidence -> 'goal', '[]')) end
    into result
    from (select kpis -> 'goal' as g) as goal, lateral (
      select coalesce((g ->> 'hit')::boolean, false) as hit, coalesce((g ->> 'asked')::boolean, false) as asked,
        coalesce((g ->> 'dated')::boolean, false) as dated, coalesce((rubric -> 'goal' ->> 'needs_date')::boolean, true) as needs_date
      where jsonb_typeof(g) = 'object') as facts, lateral (
      select case when hit and (dated or not needs_date) then 1 when hit then 0.8
        when asked and dated then 0.5 when asked then 0.3 else 0 end as share) as s;
  elsif kind = 'compliance' then
    select jsonb_build_object('value', count(*) filter (where outcome = 'fail'), 'unit', 'failed checks',
        'share', case when count(*) filter (where outcome <> 'not_applicable') > 0 then greatest(0, 1 - coalesce(
          sum(case severity when 'fail' then 1 when 'major' then 0.5 else 0.2 end) filter (where outcome = 'fail'), 0)) end,
        'why', case when count(*) filter (where outcome = 'fail') = 0
          then format('All %s checks passed', count(*) filter (where outcome = 'pass'))
          else 'Failed: ' || string_agg(format('%s (%s)', label, severity), ', ' order by ord) filter (where outcome = 'fail') end,
        'evidence', coalesce((select jsonb_agg(e) from jsonb_path_query(kpis, '$.compliance[*] ? (@.outcome == "fail")') as k,
          jsonb_array_elements(coalesce(evidence -> ('compliance:' || (k ->> 'id')), '[]')) as e
          where chosen = '[]' or chosen ? (k ->> 'id')), '[]'))
    into result
    from (
      select ord, k ->> 'outcome' as outcome, k ->> 'severity' as severity,
        coalesce((select c ->> 'label' from jsonb_path_query(rubric, '$.compliance[*]') as c where c ->> 'id' = k ->> 'id'), k ->> 'id') as label
      from jsonb_path_query(kpis, '$.compliance[*]') with ordinality as x(k, ord)
      where chosen = '[]' or chosen ? (k ->> 'id')
    ) as checks;
  elsif kind = 'judge' then
    return score_judge(kpis, criterion);
  else
    raise exception 'criterion % has kind %', criterion -> 'id', coalesce(criterion -> 'kind', 'null')
      using errcode = '22023', hint = 'Use one of kpi, phrase, objection, topic, goal, compliance, judge.';
  end if;
  return coalesce(result, jsonb_build_object('value', null, 'unit', null, 'share', null, 'evidence', '[]'::jsonb,
    'why', 'Not enough to judge'));
end
$function$;

-- function score_entry(jsonb,timestamp with time zone,jsonb,jsonb)
CREATE OR REPLACE FUNCTION public.score_entry(breakdown jsonb, scored_at timestamp with time zone, versions jsonb, cause jsonb)
 RETURNS jsonb
 LANGUAGE sql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select jsonb_build_object('scored_at', scored_at, 'replaced_at', now(), 'score', breakdown -> 'total', 'passed', breakdown -> 'passed',
    'abstained', breakdown -> 'abstained', 'capped_by', breakdown -> 'capped_by', 'rubric_version', breakdown -> 'rubric_version',
    'scenario_version', coalesce(versions -> 'rubric_from', versions -> 'scenario'),
    'criteria', (select coalesce(jsonb_agg(jsonb_build_object('id', c -> 'id', 'label', c -> 'label', 'weight', c -> 'weight',
      'share', c -> 'share', 'points', c -> 'points') order by ord), '[]')
      from jsonb_path_query(breakdown, '$.criteria[*]') with ordinality as e(c, ord))) || cause
$function$;

-- function score_judge(jsonb,jsonb)
CREATE OR REPLACE FUNCTION public.score_judge(kpis jsonb, criterion jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  with verdict as (
    select k, (k ->> 'score')::numeric as score
    from jsonb_path_query(kpis, '$.judged[*] ? (@.score >= 0 && @.score <= 4)') as k
    -- A verdict counts only with words of the call behind it; words that were forgotten since are an empty string.
    where k ->> 'id' = criterion ->> 'id' and jsonb_typeof(k -> 'quote') = 'string' and jsonb_typeof(k -> 'i') = 'number'
    limit 1
  )
  select coalesce(
    (select jsonb_build_object('value', score, 'unit', 'of 4', 'share', round(score / 4, 4),
        'why', format('%s of 4', trim_scale(score)) || coalesce(': ' || (criterion -> 'anchors' ->> round(score)::integer), '')
          || coalesce('. ' || nullif(k ->> 'why', ''), ''),
        'evidence', jsonb_build_array(jsonb_build_object('i', k -> 'i', 'start_ms', k -> 'start_ms', 'end_ms', k -> 'end_ms',
          'quote', k -> 'quote')))
      from verdict),
    jsonb_build_object('value', null, 'unit', null, 'share', null, 'evidence', '[]'::jsonb,
      'why', case when exists (select from jsonb_path_query(kpis, '$.judged[*]') as k where k ->> 'id' = criterion ->> 'id')
        then 'Not judged: no words of the call could be quoted for it' else 'Not judged: nobody read this call for it' end))
$function$;

-- function score_kpi(jsonb,jsonb)
CREATE OR REPLACE FUNCTION public.score_kpi(kpis jsonb, part jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  measure text := part ->> 'measure';
  known jsonb := score_measure(measure);
  unit text := known ->> 1;
  value numeric := score_value(kpis, measure);
  percent boolean := coalesce(unit = 'share', false);
  full_band jsonb := jsonb_path_query_first(part -> 'bands', '$[*] ? (@.share == 1)');
  low text := trim_scale((full_band ->> 'from')::numeric * case when percent then 100 else 1 end)::text;
  high text := trim_scale(nullif(full_band -> 'to', 'null')::numeric * case when percent then 100 else 1 end)::text;
  said text;
begin
  if known is null then
    raise exception 'measure % is unknown', coalesce(part -> 'measure', 'null')
      using errcode = '22023', hint = 'docs/reference/kpis.md lists the measures.';
  end if;
  if value is null then
    return jsonb_build_object('measure', measure, 'value', null, 'unit', unit, 'share', null,
      'why', format('%s: not enough to judge', known ->> 0));
  end if;
  said := case
    when unit = 'yes or no' then case when value = 1 then 'yes' else 'no' end
    when percent then trim_scale(round(100 * value, 1)) || ' %'
    when unit in ('-1 to 1') then trim_scale(value)::text
    else trim_scale(value) || ' ' || unit end;
  return jsonb_build_object('measure', measure, 'value', value, 'unit', unit,
    'share', score_share(value, part -> 'bands', coalesce(part ->> 'between', 'linear')),
    'why', format('%s: %s', known ->> 0, said) || case
      when unit = 'yes or no' or full_band is null then ''
      when high is null then format('; full marks from %s%s', low, case when percent then ' %' else '' end)
      when low = '0' then format('; full marks up to %s%s', high, case when percent then ' %' else '' end)
      else format('; full marks from %s to %s%s', low, high, case when percent then ' %' else '' end) end);
end
$function$;

-- function score_measure(text)
CREATE OR REPLACE FUNCTION public.score_measure(measure text)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select jsonb_build_object(
    'duration_s', '["Duration", "s"]'::jsonb,
    'talk_ratio', '["Talk ratio", "share"]'::jsonb,
    'words_per_minute', '["Pace", "words per minute"]'::jsonb,
    'filler_count', '["Fillers", "fillers"]'::jsonb,
    'fillers_per_minute', '["Fillers per minute", "per minute"]'::jsonb,
    'interruptions_by_rep', '["Interruptions", "times"]'::jsonb,
    'interruptions_by_buyer', '["Interrupted by the buyer", "times"]'::jsonb,
    'longest_monologue_s', '["Longest monologue", "s"]'::jsonb,
    'longest_buyer_story_s', '["Longest buyer story", "s"]'::jsonb,
    'patience_s', '["Patience", "s"]'::jsonb,
    'pace_jump_wpm', '["Pace jump after an objection", "words per minute"]'::jsonb,
    'interactivity_per_minute', '["Interactivity", "switches per minute"]'::jsonb,
    'question_count', '["Questions", "questions"]'::jsonb,
    'open_question_count', '["Open questions", "open questions"]'::jsonb,
    'open_question_share', '["Share of open questions", "share"]'::jsonb,
    'follow_up_count', '["Follow-up questions", "follow-ups"]'::jsonb,
    'sentiment_rep', '["Sentiment of the rep", "-1 to 1"]'::jsonb,
    'sentiment_buyer', '["Sentiment of the buyer", "-1 to 1"]'::jsonb,
    'discovery_share', '["Discovery topics asked", "share"]'::jsonb,
    'motive_found', '["Motive found", "yes or no"]'::jsonb,
    'objection_share', '["Objections handled", "share"]'::jsonb) -> measure
$function$;

-- function score_move(jsonb,jsonb)
CREATE OR REPLACE FUNCTION public.score_move(before jsonb, after jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  with moves as (
    select coalesce(a.ord, 1000 + b.ord) as ord, coalesce(a.c, b.c) as c, b.c as was, a.c as is_now,
      coalesce((b.c ->> 'points')::numeric, 0) as from_points, coalesce((a.c ->> 'points')::numeric, 0) as to_points
    from (select c, ord from jsonb_path_query(before, '$.criteria[*]') with ordinality as e(c, ord)) as b
    full join (select c, ord from jsonb_path_query(after, '$.criteria[*]') with ordinality as e(c, ord)) as a
      on a.c ->> 'id' = b.c ->> 'id'
  ), biggest as (
    select * from moves where from_points <> to_points order by abs(to_points - from_points) desc, ord limit 1
  )
  select case
    when before -> 'capped_by' is distinct from after -> 'capped_by' then jsonb_build_object('id', coalesce(
        nullif(after -> 'capped_by', 'null'), before -> 'capped_by'), 'label', 'Cap', 'from', before -> 'total', 'to', after -> 'total',
      'why', case when jsonb_typeof(after -> 'capped_by') = 'string' then 'a rule that was broken now caps the score'
        else 'no cap holds it down any more' end)
    when before -> 'abstained' is distinct from after -> 'abstained' then jsonb_build_object('id', null, 'label', 'Enough to judge',
      'from', before -> 'total', 'to', after -> 'total', 'why', coalesce(after ->> 'abstained_why', 'there is enough to judge now'))
    else (select jsonb_build_object('id', c -> 'id', 'label', c -> 'label', 'from', from_points, 'to', to_points, 'why', case
        when was is null then 'new in this version'
        when is_now is null then 'no longer in the rubric'
        when was -> 'share' is distinct from is_now -> 'share' and jsonb_typeof(is_now -> 'share') = 'null' then 'not enough to judge it now'
        when was -> 'share' is distinct from is_now -> 'share' then format('earns %s %% instead of %s',
          round(100 * (is_now ->> 'share')::numeric), coalesce(round(100 * (was ->> 'share')::numeric) || ' %', 'not being judged'))
        else format('weighs %s instead of %s of 100', trim_scale((is_now ->> 'weight')::numeric),
          trim_scale((was ->> 'weight')::numeric)) end)
      from biggest) end
$function$;

-- function score_rubric(jsonb)
CREATE OR REPLACE FUNCTION public.score_rubric(rubric jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select rubric - array['phrases', 'forbidden', 'objections', 'topics', 'compliance', 'common', 'fillers', 'motive', 'goal']
    || coalesce((select jsonb_object_agg(part.key, (
        select coalesce(jsonb_agg((
          select coalesce(jsonb_object_agg(f.key, f.value), '{}') from jsonb_each(item) as f
          where f.key in ('id', 'tag', 'label', 'discovery', 'severity')) order by ord), '[]')
        from jsonb_array_elements(part.value) with ordinality as e(item, ord)))
      from jsonb_each(rubric) as part
      where part.key in ('phrases', 'objections', 'topics', 'compliance') and jsonb_typeof(part.value) = 'array'), '{}')
    || case when jsonb_typeof(rubric -> 'goal') = 'object'
      then jsonb_build_object('goal', (rubric -> 'goal') - array['ask', 'accept', 'others'] || case
        when jsonb_typeof(rubric -> 'goal' -> 'others') = 'array' then jsonb_build_object('others', (
          select coalesce(jsonb_agg(o - array['ask', 'accept'] order by ord), '[]')
          from jsonb_array_elements(rubric -> 'goal' -> 'others') with ordinality as e(o, ord)
          where jsonb_typeof(o) = 'object')) else '{}' end) else '{}' end
$function$;

-- function score_share(numeric,jsonb,text)
CREATE OR REPLACE FUNCTION public.score_share(value numeric, bands jsonb, between_bands text)
 RETURNS numeric
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  with b as (
    select ord, (x ->> 'from')::numeric as low, nullif(x -> 'to', 'null')::numeric as high, (x ->> 'share')::numeric as share
    from jsonb_array_elements(bands) with ordinality as e(x, ord)
  ), ends as (
    -- Below the first band its share holds, above the last band the last share.
    select *, lead(low) over (order by ord) as next_low, lead(share) over (order by ord) as next_share from b
  ), holding as (
    select * from ends where low <= value order by ord desc limit 1
  )
  select round(coalesce(
    (select case
      when next_low is null or value <= high or between_bands = 'step' then share
      else share + (next_share - share) * (value - coalesce(high, low)) / (next_low - coalesce(high, low)) end
    from holding),
    (select share from ends order by ord limit 1)), 4)
$function$;

-- function score_value(jsonb,text)
CREATE OR REPLACE FUNCTION public.score_value(kpis jsonb, measure text)
 RETURNS numeric
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
  select case jsonb_typeof(kpis -> measure)
    when 'number' then (kpis ->> measure)::numeric
    when 'boolean' then (kpis ->> measure)::boolean::integer::numeric
  end
$function$;

-- function search_all(text,integer)
CREATE OR REPLACE FUNCTION public.search_all(words text, at_most integer DEFAULT 6)
 RETURNS TABLE(kind text, id uuid, key text, title text, note text, happened_at timestamp with time zone, rank real)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
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
$function$;

-- function search_document(text[])
CREATE OR REPLACE FUNCTION public.search_document(VARIADIC parts text[])
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
AS $function$
begin
    -- Every name is qualified instead of a search_path: indexes are made of this, and a setting per row would cost more than the rest.
    return pg_catalog.lower(public.unaccent('public.unaccent'::pg_catalog.regdictionary, pg_catalog.array_to_string(parts, ' ')));
end
$function$;

-- function search_matches(text,text)
CREATE OR REPLACE FUNCTION public.search_matches(words text, what text)
 RETURNS real
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'public'
AS $function$
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
$function$;

-- function set_org_claim(uuid)
CREATE OR REPLACE FUNCTION public.set_org_claim(org_id uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
    -- Whoever acts in one organisation may move to another that the same person belongs to; the claims change together.
    if not exists (select from switchable_claims(set_org_claim.org_id)) then
        raise exception 'the acting person is no active user of organisation %', org_id using errcode = '42501';
    end if;
    perform set_config('jwt.claims.user_id', c.user_id::text, true), set_config('jwt.claims.role', c.role, true),
        set_config('jwt.claims.org_id', set_org_claim.org_id::text, true)
    from switchable_claims(set_org_claim.org_id) as c;
end
$function$;

-- function set_words_apart()
CREATE OR REPLACE FUNCTION public.set_words_apart()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
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
$function$;

-- function settle_score(uuid,jsonb)
CREATE OR REPLACE FUNCTION public.settle_score(attempt_id uuid, cause jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  attempt record;
  breakdown jsonb;
begin
  select a.id, a.status, a.rubric, a.score_breakdown as before, coalesce(w.kpis, a.kpis) as kpis into attempt
  from scenario_attempts as a left join attempt_words as w on w.attempt_id = a.id
  where a.id = settle_score.attempt_id
  for no key update of a;
  if attempt.status is distinct from 'scored' then
    raise exception 'attempt % is %; only a scored attempt is settled', attempt_id, coalesce(attempt.status, 'unknown')
      using errcode = '55000';
  end if;
  breakdown := compute_score(attempt.kpis, attempt.rubric, coalesce(overrides_of(attempt.id), '{}'));
  update scenario_attempts as a
  set score = (breakdown ->> 'total')::numeric, score_breakdown = breakdown, scored_at = clock_timestamp(), updated_at = now(),
    score_history = a.score_history || jsonb_build_array(score_entry(a.score_breakdown, a.scored_at, a.versions, cause))
  where a.id = attempt.id;
  return breakdown;
end
$function$;

-- function storage_signature(text,bigint)
CREATE OR REPLACE FUNCTION public.storage_signature(path text, expires bigint)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
        select encode(hmac_sha256(convert_to('parley.storage' || E'\n' || path || E'\n' || expires, 'UTF8'), k.key), 'hex')
        from storage_keys k
    $function$;

-- function switchable_claims(uuid)
CREATE OR REPLACE FUNCTION public.switchable_claims(org_id uuid)
 RETURNS TABLE(user_id uuid, role text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
        select there.id, there.role::text
        from users here join users there on there.identity_id = here.identity_id
        where here.id = claim_user_id() and here.org_id = claim_org_id() and here.is_active
          and there.org_id = switchable_claims.org_id and there.is_active
    $function$;

-- function team_weeks(date,date,uuid,text[])
CREATE OR REPLACE FUNCTION public.team_weeks(since date, until date, in_team uuid DEFAULT NULL::uuid, keys text[] DEFAULT NULL::text[])
 RETURNS TABLE(week date, team_id uuid, attempts bigint, scored bigint, score_sum numeric, passed bigint, failed bigint, goals_hit bigint, compliance_failed bigint)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    teams constant uuid[] := teams_in_view(in_team);
begin
    return query select m.week, m.team_id, sum(m.attempts), sum(m.scored), sum(m.score_sum), sum(m.passed), sum(m.failed),
            sum(m.goals_hit), sum(m.compliance_failed)
        from mv_team_weeks m
        where m.org_id = org and m.week >= since and m.week < until and (teams is null or m.team_id = any (teams))
          and (keys is null or m.scenario_key = any (keys))
        group by m.week, m.team_id order by m.week, m.team_id;
end
$function$;

-- function teams_in_view(uuid)
CREATE OR REPLACE FUNCTION public.teams_in_view(in_team uuid DEFAULT NULL::uuid)
 RETURNS uuid[]
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
    org constant uuid := claim_org_id();
    as_role constant text := claim_role();
    mine uuid[];
begin
    if org is null or as_role not in ('manager', 'admin', 'hr') then
        return '{}';
    end if;
    if as_role = 'manager' then
        mine := managed_team_ids();
        if in_team is null then
            return mine;
        end if;
    elsif in_team is null then
        return null;
    end if;
    return (
        with recursive below as (
            select t.id from teams t where t.org_id = org and t.id = in_team
            union
            select t.id from teams t join below b on t.parent_id = b.id where t.org_id = org
        )
        select coalesce(array_agg(id), '{}') from below where mine is null or id = any (mine));
end
$function$;

-- function tell_change()
CREATE OR REPLACE FUNCTION public.tell_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
    changed constant jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
begin
    perform pg_notify('parley_live', json_build_object(
        'org', changed ->> case when tg_table_name = 'orgs' then 'id' else 'org_id' end, 'what', 'changed:' || tg_table_name)::text);
    return null;
end
$function$;

-- function tell_events()
CREATE OR REPLACE FUNCTION public.tell_events()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
    perform pg_notify('parley_live', json_build_object('org', org_id, 'what', event)::text)
    from (select distinct n.org_id, n.event from new_events n) as told;
    return null;
end
$function$;

-- function touch_updated_at()
CREATE OR REPLACE FUNCTION public.touch_updated_at()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
    new.updated_at := now();
    return new;
end
$function$;

-- function unquoted(text)
CREATE OR REPLACE FUNCTION public.unquoted(sentence text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public'
AS $function$ select regexp_replace(sentence, '(["“«„])[^"”»“]*["”»“]', '“…”', 'g') $function$;

-- function usage_since(date)
CREATE OR REPLACE FUNCTION public.usage_since(day date)
 RETURNS TABLE(calls bigint, minutes numeric, active_people bigint, counted_at timestamp with time zone)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
#variable_conflict use_column
declare
    org constant uuid := claim_org_id();
    midnight timestamptz;
begin
    if org is null or claim_role() not in ('admin', 'hr') then
        return;
    end if;
    midnight := (select usage_since.day::timestamp at time zone o.timezone from orgs o where o.id = org);
    return query select coalesce(sum(m.calls), 0)::bigint, coalesce(sum(m.minutes), 0),
            (select count(*) from mv_rep_standing s join users u on u.id = s.user_id
             where s.org_id = org and s.last_call_at >= midnight and u.is_active),
            (select min(r.began_at) from reporting_refreshes r)
        from mv_usage_days m where m.org_id = org and m.day >= usage_since.day;
end
$function$;

-- function users_below(uuid,uuid)
CREATE OR REPLACE FUNCTION public.users_below(org uuid, manager uuid)
 RETURNS uuid[]
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
    return array(
        with recursive below as (
            select t.id from teams t where t.org_id = org and t.manager_id = manager
            union
            select t.id from teams t join below b on t.parent_id = b.id where t.org_id = org
        )
        select u.id from users u where u.org_id = org and u.team_id in (select id from below));
end
$function$;

-- function without_words(jsonb)
CREATE OR REPLACE FUNCTION public.without_words(document jsonb)
 RETURNS jsonb
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
 SET search_path TO 'pg_catalog', 'public'
AS $function$
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
$function$;

-- function words_due(integer)
CREATE OR REPLACE FUNCTION public.words_due(at_most integer DEFAULT 200)
 RETURNS TABLE(attempt_id uuid, recording_path text, transcript_path text)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'public'
AS $function$
        select a.id, r.path::text, t.path::text
        from scenario_attempts a
        join orgs o on o.id = a.org_id
        left join attempt_recordings r on r.attempt_id = a.id
        left join attempt_transcripts t on t.attempt_id = a.id
        where a.status not in ('created', 'live') and (r.attempt_id is not null or t.attempt_id is not null)
          and coalesce(a.ended_at, a.created_at) < now() - o.retention_days * interval '1 day'
        order by a.ended_at limit at_most
    $function$;

-- function write_dimensions()
CREATE OR REPLACE FUNCTION public.write_dimensions()
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
    insert into dim_orgs as d (org_id, name, plan, timezone, week_start)
    select id, name, plan, timezone, week_start from orgs
    on conflict (org_id) do update set name = excluded.name, plan = excluded.plan, timezone = excluded.timezone, week_start = excluded.week_start
    where (d.name, d.plan, d.timezone, d.week_start) is distinct from (excluded.name, excluded.plan, excluded.timezone, excluded.week_start);

    insert into dim_scenarios as d (scenario_id, org_id, key, code, version, title, vertical, difficulty)
    select id, org_id, key, code, version, title, vertical, difficulty from scenarios where status <> 'draft'
    on conflict (scenario_id) do nothing;

    insert into dim_tracks as d (track_id, org_id, title, status, scenario_count)
    select t.id, t.org_id, t.title, t.status, count(s.id) from tracks t left join track_scenarios s on s.track_id = t.id
    group by t.id
    on conflict (track_id) do update set title = excluded.title, status = excluded.status, scenario_count = excluded.scenario_count
    where (d.title, d.status, d.scenario_count) is distinct from (excluded.title, excluded.status, excluded.scenario_count);

    insert into dim_users (org_id, user_id, name, role, team_id, team_name, valid_from)
    select u.org_id, u.id, coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email), u.role, u.team_id, coalesce(t.name, ''), u.created_at
    from users u left join teams t on t.id = u.team_id
    where not exists (select from dim_users d where d.user_id = u.id);
$function$;

-- function write_facts(uuid[],timestamp with time zone)
CREATE OR REPLACE FUNCTION public.write_facts(attempt_ids uuid[] DEFAULT NULL::uuid[], scored_since timestamp with time zone DEFAULT '-infinity'::timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
    written integer;
begin
    -- One writer at a time; a second one finds nothing left to write.
    perform pg_advisory_xact_lock(hashtextextended('parley.write_facts', 0));
    perform write_dimensions();

    -- Made by a statement of its own, so that PostgreSQL may read the attempts on all cores.
    create temporary table facts_due on commit drop as
    select a.id as attempt_id, a.org_id, a.user_id, a.team_id, a.user_role, a.scenario_id, a.mode, a.kind,
        coalesce(a.started_at, a.created_at) as started_at, a.duration_s, a.score, a.scored_at,
        a.score_breakdown -> 'passed' = 'true' as passed, coalesce(a.score_breakdown -> 'abstained' = 'true', false) as abstained,
        coalesce(jsonb_typeof(a.score_breakdown -> 'capped_by') = 'string', false) as capped,
        a.kpis
    from scenario_attempts a
    left join fact_scenario_attempts f on f.attempt_id = a.id
    where a.status = 'scored' and f.scored_at is distinct from a.scored_at
      and a.scored_at >= scored_since and (attempt_ids is null or a.id = any (attempt_ids));

    insert into fact_scenario_attempts as f (attempt_id, org_id, user_id, user_key, team_id, user_role, scenario_id, scenario_key, mode,
        kind, started_at, day, month, duration_s, score, passed, abstained, capped, goal_hit, talk_ratio, words_per_minute, filler_count,
        fillers_per_minute, interruptions, question_count, open_question_count, objections_raised, objections_answered,
        compliance_failed, scored_at, events_written)
    select d.attempt_id, d.org_id, d.user_id, who.user_key, d.team_id, d.user_role, d.scenario_id, s.key, d.mode,
        d.kind, d.started_at, local.day, date_trunc('month', local.day)::date, d.duration_s, d.score,
        case when d.abstained then null else d.passed end, d.abstained, d.capped,
        (d.kpis #>> '{goal,hit}')::boolean, (d.kpis ->> 'talk_ratio')::float8, (d.kpis ->> 'words_per_minute')::float8,
        (d.kpis ->> 'filler_count')::integer, (d.kpis ->> 'fillers_per_minute')::float8, (d.kpis ->> 'interruptions_by_rep')::integer,
        (d.kpis ->> 'question_count')::integer, (d.kpis ->> 'open_question_count')::integer,
        coalesce((d.kpis ->> 'objections_raised')::integer, 0), coalesce((d.kpis ->> 'objections_addressed')::integer, 0),
        coalesce(jsonb_array_length(jsonb_path_query_array(d.kpis, '$.compliance[*] ? (@.outcome == "fail")')), 0), d.scored_at, false
    from facts_due d
    join dim_orgs o on o.org_id = d.org_id
    join dim_scenarios s on s.scenario_id = d.scenario_id
    cross join lateral (select (d.started_at at time zone o.timezone)::date as day) as local
    left join lateral (
        -- Who the person was then; what lies before their first row counts to it.
        select u.user_key from dim_users u
        where u.org_id = d.org_id and u.user_id = d.user_id
        order by u.valid_from <= d.started_at desc,
            case when u.valid_from <= d.started_at then u.valid_from end desc, u.valid_from
        limit 1) as who on true
    on conflict (attempt_id) do update set
        duration_s = excluded.duration_s, score = excluded.score, passed = excluded.passed, abstained = excluded.abstained,
        capped = excluded.capped, goal_hit = excluded.goal_hit, talk_ratio = excluded.talk_ratio,
        words_per_minute = excluded.words_per_minute, filler_count = excluded.filler_count,
        fillers_per_minute = excluded.fillers_per_minute, interruptions = excluded.interruptions,
        question_count = excluded.question_count, open_question_count = excluded.open_question_count,
        objections_raised = excluded.objections_raised, objections_answered = excluded.objections_answered,
        compliance_failed = excluded.compliance_failed, scored_at = excluded.scored_at, events_written = false;
    get diagnostics written = row_count;

    drop table facts_due;
    return written;
end
$function$;

-- function write_kpi_events(integer)
CREATE OR REPLACE FUNCTION public.write_kpi_events(at_most integer DEFAULT 1000)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
    taken integer;
begin
    perform pg_advisory_xact_lock(hashtextextended('parley.write_kpi_events', 0));
    create temporary table events_of on commit drop as
    select f.attempt_id from fact_scenario_attempts f
    where not f.events_written
    order by f.scored_at desc limit at_most;
    get diagnostics taken = row_count;

    delete from fact_kpi_events e using events_of o where e.attempt_id = o.attempt_id;
    -- Made by a statement of its own, so that PostgreSQL may read transcripts on all cores.
    create temporary table events_due on commit drop as
    select f.attempt_id, f.org_id, f.user_id, f.scenario_id, f.mode, f.started_at, e.kind, e.name, e.n, e.utterance_i, e.at_ms, e.outcome
    from events_of o
    join fact_scenario_attempts f on f.attempt_id = o.attempt_id
    join scenario_attempts a on a.id = f.attempt_id
    join attempt_transcripts t on t.attempt_id = f.attempt_id
    cross join lateral kpi_events(t.transcript, a.rubric, a.kpis) as e
    where t.transcript <> '[]';
    insert into fact_kpi_events (attempt_id, org_id, user_id, scenario_id, mode, started_at, kind, name, n, utterance_i, at_ms, outcome)
    select * from events_due;
    update fact_scenario_attempts f set events_written = true from events_of o where f.attempt_id = o.attempt_id;
    drop table events_of, events_due;
    return taken;
end
$function$;

create view assignment_progress_now as
 WITH step AS (
         SELECT a_1.id AS assignment_id,
            s.key AS scenario_key,
            a_1.threshold AS mark,
            1 AS "position"
           FROM assignments a_1
             JOIN scenarios s ON s.id = a_1.scenario_id
          WHERE a_1.status::text = 'open'::text
        UNION ALL
         SELECT a_1.id,
            s.key,
            COALESCE(t_1.pass_mark, a_1.threshold) AS "coalesce",
            t_1."position"
           FROM assignments a_1
             JOIN track_scenarios t_1 ON t_1.track_id = a_1.track_id
             JOIN scenarios s ON s.id = t_1.scenario_id
          WHERE a_1.status::text = 'open'::text
        ), given AS (
         SELECT a_1.id AS assignment_id,
            u.id AS user_id
           FROM assignments a_1
             JOIN users u ON u.id = a_1.user_id
          WHERE a_1.status::text = 'open'::text AND u.is_active
        UNION ALL
         SELECT a_1.id,
            u.id
           FROM assignments a_1
             JOIN users u ON u.team_id = a_1.team_id AND u.org_id = a_1.org_id
          WHERE a_1.status::text = 'open'::text AND u.is_active AND u.role::text = 'trainee'::text
        ), taken AS (
         SELECT g.assignment_id,
            g.user_id,
            p.scenario_key,
            p."position",
            count(f.attempt_id) AS attempts,
            max(f.score) AS best_score,
            min(f.started_at) FILTER (WHERE
                CASE
                    WHEN p.mark IS NULL THEN f.passed
                    ELSE f.score >= p.mark
                END) AS done_at
           FROM given g
             JOIN assignments a_1 ON a_1.id = g.assignment_id
             JOIN step p ON p.assignment_id = g.assignment_id
             LEFT JOIN fact_scenario_attempts f ON f.org_id = a_1.org_id AND f.user_id = g.user_id AND f.scenario_key::text = p.scenario_key::text AND f.mode::text = 'official'::text AND f.started_at >= a_1.created_at
          GROUP BY g.assignment_id, g.user_id, p.scenario_key, p."position"
        )
 SELECT a.org_id,
    a.id AS assignment_id,
    t.user_id,
    a.scenario_id,
    a.track_id,
    a.team_id,
    a.due_at,
    a.created_at AS given_at,
    count(*)::integer AS steps,
    count(t.done_at)::integer AS steps_done,
    sum(t.attempts)::integer AS attempts,
    max(t.best_score) AS best_score,
        CASE
            WHEN count(*) = count(t.done_at) THEN max(t.done_at)
            ELSE NULL::timestamp with time zone
        END AS done_at,
    (array_agg(t.scenario_key ORDER BY t."position") FILTER (WHERE t.done_at IS NULL))[1] AS next_key
   FROM taken t
     JOIN assignments a ON a.id = t.assignment_id
  GROUP BY a.org_id, a.id, t.user_id, a.scenario_id, a.track_id, a.team_id, a.due_at, a.created_at;

create view leaderboard_month as
 SELECT m.org_id,
    m.month,
    m.team_id,
    m.user_id,
    m.user_key,
    m.attempts,
    m.scored,
    m.average_score,
    m.best_score,
    m.passed,
    m.minutes,
    m.place,
    d.name AS user_name,
    d.team_name
   FROM mv_leaderboard_month m
     JOIN dim_users d ON d.user_key = m.user_key
  WHERE m.org_id = (( SELECT claim_org_id() AS claim_org_id)) AND (((( SELECT claim_role() AS claim_role)) = ANY (ARRAY['admin'::text, 'hr'::text])) OR m.user_id = (( SELECT claim_user_id() AS claim_user_id)) OR (( SELECT claim_role() AS claim_role)) = 'manager'::text AND (m.team_id = ANY ((( SELECT managed_team_ids() AS managed_team_ids))::uuid[])) OR (( SELECT claim_role() AS claim_role)) = 'trainee'::text AND m.team_id = (( SELECT my_team_id() AS my_team_id)));

create materialized view mv_assignment_progress as
 SELECT org_id,
    assignment_id,
    user_id,
    scenario_id,
    track_id,
    team_id,
    due_at,
    given_at,
    steps,
    steps_done,
    attempts,
    best_score,
    done_at,
    next_key
   FROM assignment_progress_now;

create materialized view mv_leaderboard_month as
 SELECT org_id,
    month,
    team_id,
    user_id,
    user_key,
    count(*)::integer AS attempts,
    count(score)::integer AS scored,
    round(avg(score), 1) AS average_score,
    max(score) AS best_score,
    count(*) FILTER (WHERE passed)::integer AS passed,
    round(sum(duration_s)::numeric / 60::numeric, 1) AS minutes,
    rank() OVER (PARTITION BY org_id, month ORDER BY (avg(score)) DESC NULLS LAST, (count(*)) DESC)::integer AS place
   FROM fact_scenario_attempts f
  WHERE mode::text = 'official'::text AND user_id IS NOT NULL AND NOT abstained
  GROUP BY org_id, month, team_id, user_id, user_key;

create materialized view mv_org_overview as
 SELECT org_id,
    day,
    team_id,
    count(*)::integer AS attempts,
    count(DISTINCT user_id)::integer AS people,
    count(score)::integer AS scored,
    sum(score) AS score_sum,
    count(*) FILTER (WHERE passed)::integer AS passed,
    count(*) FILTER (WHERE goal_hit)::integer AS goals_hit,
    sum(compliance_failed)::integer AS compliance_failed,
    round(sum(duration_s)::numeric / 60::numeric, 1) AS minutes
   FROM fact_scenario_attempts f
  WHERE mode::text = 'official'::text
  GROUP BY org_id, day, team_id;

create materialized view mv_rep_standing as
 WITH numbered AS (
         SELECT f.org_id,
            f.user_id,
            f.attempt_id,
            f.started_at,
            f.score,
            row_number() OVER (PARTITION BY f.org_id, f.user_id ORDER BY f.started_at DESC, f.attempt_id) AS n
           FROM fact_scenario_attempts f
          WHERE f.mode::text = 'official'::text AND f.user_id IS NOT NULL AND f.score IS NOT NULL AND NOT f.abstained
        ), newest AS (
         SELECT numbered.org_id,
            numbered.user_id,
            count(*)::integer AS scored,
            max(numbered.started_at) AS last_official_at,
            array_agg(numbered.score ORDER BY numbered.n) FILTER (WHERE numbered.n <= 12) AS latest_scores,
            round(avg(numbered.score) FILTER (WHERE numbered.n <= 10), 1) AS average_score
           FROM numbered
          GROUP BY numbered.org_id, numbered.user_id
        ), broken AS (
         SELECT DISTINCT ON (e.org_id, e.user_id) e.org_id,
            e.user_id,
            e.attempt_id,
            e.name,
            e.started_at
           FROM fact_kpi_events e
          WHERE e.kind::text = 'compliance'::text AND e.outcome::text = 'fail'::text AND e.mode::text = 'official'::text AND e.user_id IS NOT NULL
          ORDER BY e.org_id, e.user_id, e.started_at DESC, e.attempt_id
        )
 SELECT c.org_id,
    c.user_id,
    c.last_call_at,
    COALESCE(n.scored, 0) AS scored,
    n.last_official_at,
    n.latest_scores,
    n.average_score,
    COALESCE(n.latest_scores[1] < n.latest_scores[2] AND n.latest_scores[2] < n.latest_scores[3], false) AS is_falling,
    b.started_at AS broke_rule_at,
    b.attempt_id AS broke_rule_in,
    b.name AS broken_rule
   FROM ( SELECT fact_scenario_attempts.org_id,
            fact_scenario_attempts.user_id,
            max(fact_scenario_attempts.started_at) AS last_call_at
           FROM fact_scenario_attempts
          WHERE fact_scenario_attempts.user_id IS NOT NULL
          GROUP BY fact_scenario_attempts.org_id, fact_scenario_attempts.user_id) c
     LEFT JOIN newest n USING (org_id, user_id)
     LEFT JOIN broken b USING (org_id, user_id);

create materialized view mv_scenario_insights as
 SELECT org_id,
    scenario_key,
    month,
    max(scenario_id::text)::uuid AS scenario_id,
    count(*)::integer AS attempts,
    count(DISTINCT user_id)::integer AS people,
    round(avg(score), 1) AS average_score,
    percentile_cont(0.5::double precision) WITHIN GROUP (ORDER BY (score::double precision)) AS median_score,
    stddev_samp(score) AS score_deviation,
    count(*) FILTER (WHERE passed)::integer AS passed,
    count(*) FILTER (WHERE goal_hit)::integer AS goals_hit,
    avg(talk_ratio) AS talk_ratio,
    avg(words_per_minute) AS words_per_minute,
    avg(fillers_per_minute) AS fillers_per_minute,
    avg(open_question_count) AS open_questions,
    sum(objections_raised)::integer AS objections_raised,
    sum(objections_answered)::integer AS objections_answered,
    sum(compliance_failed)::integer AS compliance_failed
   FROM fact_scenario_attempts f
  WHERE mode::text = 'official'::text
  GROUP BY org_id, scenario_key, month;

create materialized view mv_team_weeks as
 SELECT f.org_id,
    f.day - (EXTRACT(dow FROM f.day)::integer - o.week_start + 7) % 7 AS week,
    f.team_id,
    f.scenario_key,
    count(*)::integer AS attempts,
    count(f.score)::integer AS scored,
    sum(f.score) AS score_sum,
    count(*) FILTER (WHERE f.passed)::integer AS passed,
    count(*) FILTER (WHERE NOT f.passed)::integer AS failed,
    count(*) FILTER (WHERE f.goal_hit)::integer AS goals_hit,
    sum(f.compliance_failed)::integer AS compliance_failed
   FROM fact_scenario_attempts f
     JOIN dim_orgs o ON o.org_id = f.org_id
  WHERE f.mode::text = 'official'::text
  GROUP BY f.org_id, (f.day - (EXTRACT(dow FROM f.day)::integer - o.week_start + 7) % 7), f.team_id, f.scenario_key;

create materialized view mv_usage_days as
 SELECT org_id,
    day,
    count(*)::integer AS calls,
    count(DISTINCT user_id)::integer AS people,
    round(sum(duration_s)::numeric / 60::numeric, 1) AS minutes
   FROM fact_scenario_attempts f
  GROUP BY org_id, day;

create view org_overview as
 SELECT org_id,
    day,
    team_id,
    attempts,
    people,
    scored,
    score_sum,
    passed,
    goals_hit,
    compliance_failed,
    minutes
   FROM mv_org_overview m
  WHERE org_id = (( SELECT claim_org_id() AS claim_org_id)) AND (((( SELECT claim_role() AS claim_role)) = ANY (ARRAY['admin'::text, 'hr'::text])) OR (( SELECT claim_role() AS claim_role)) = 'manager'::text AND (team_id = ANY ((( SELECT managed_team_ids() AS managed_team_ids))::uuid[])));

create view scenario_insights as
 SELECT org_id,
    scenario_key,
    month,
    scenario_id,
    attempts,
    people,
    average_score,
    median_score,
    score_deviation,
    passed,
    goals_hit,
    talk_ratio,
    words_per_minute,
    fillers_per_minute,
    open_questions,
    objections_raised,
    objections_answered,
    compliance_failed
   FROM mv_scenario_insights m
  WHERE org_id = (( SELECT claim_org_id() AS claim_org_id)) AND ((( SELECT claim_role() AS claim_role)) = ANY (ARRAY['admin'::text, 'hr'::text, 'manager'::text]));

-- trigger audit on assignments
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.assignments FOR EACH ROW EXECUTE FUNCTION audit();

-- trigger touch on assignments
CREATE TRIGGER touch BEFORE UPDATE ON public.assignments FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- trigger audit on consents
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.consents FOR EACH ROW EXECUTE FUNCTION audit();

-- trigger audit on criterion_disputes
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.criterion_disputes FOR EACH ROW EXECUTE FUNCTION audit();

-- trigger guard on criterion_disputes
CREATE TRIGGER guard BEFORE UPDATE ON public.criterion_disputes FOR EACH ROW EXECUTE FUNCTION guard_dispute();

-- trigger audit on criterion_overrides
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.criterion_overrides FOR EACH ROW EXECUTE FUNCTION audit();

-- trigger audit on erasures
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.erasures FOR EACH ROW EXECUTE FUNCTION audit();

-- trigger tell on events
CREATE TRIGGER tell AFTER INSERT ON public.events REFERENCING NEW TABLE AS new_events FOR EACH STATEMENT EXECUTE FUNCTION tell_events();

-- trigger audit on lender_facts
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.lender_facts FOR EACH ROW EXECUTE FUNCTION audit();

-- trigger tell on lender_facts
CREATE TRIGGER tell AFTER INSERT OR DELETE OR UPDATE ON public.lender_facts FOR EACH ROW EXECUTE FUNCTION tell_change();

-- trigger touch on lender_facts
CREATE TRIGGER touch BEFORE UPDATE ON public.lender_facts FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- trigger audit on orgs
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.orgs FOR EACH ROW EXECUTE FUNCTION audit();

-- trigger consent_version on orgs
CREATE TRIGGER consent_version BEFORE UPDATE ON public.orgs FOR EACH ROW WHEN ((old.recording_consent_text IS DISTINCT FROM new.recording_consent_text)) EXECUTE FUNCTION number_consent_text();

-- trigger tell on orgs
CREATE TRIGGER tell AFTER INSERT OR DELETE OR UPDATE ON public.orgs FOR EACH ROW EXECUTE FUNCTION tell_change();

-- trigger touch on orgs
CREATE TRIGGER touch BEFORE UPDATE ON public.orgs FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- trigger audit on pack_approvals
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.pack_approvals FOR EACH ROW EXECUTE FUNCTION audit();

-- trigger tell on pack_approvals
CREATE TRIGGER tell AFTER INSERT OR DELETE OR UPDATE ON public.pack_approvals FOR EACH ROW EXECUTE FUNCTION tell_change();

-- trigger audit on people_imports
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.people_imports FOR EACH ROW EXECUTE FUNCTION audit();

-- trigger touch on people_imports
CREATE TRIGGER touch BEFORE UPDATE ON public.people_imports FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- trigger audit on rescores
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.rescores FOR EACH ROW EXECUTE FUNCTION audit();

-- trigger guard on rescores
CREATE TRIGGER guard BEFORE UPDATE ON public.rescores FOR EACH ROW EXECUTE FUNCTION guard_rescore();

-- trigger freeze_person on scenario_attempts
CREATE TRIGGER freeze_person BEFORE INSERT ON public.scenario_attempts FOR EACH ROW WHEN ((((new.user_role)::text = ''::text) OR (CURRENT_USER = 'parley_authenticated'::name))) EXECUTE FUNCTION freeze_attempt_person();

-- trigger guard on scenario_attempts
CREATE TRIGGER guard BEFORE UPDATE ON public.scenario_attempts FOR EACH ROW EXECUTE FUNCTION guard_attempt();

-- trigger touch on scenario_attempts
CREATE TRIGGER touch BEFORE UPDATE ON public.scenario_attempts FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- trigger words_apart on scenario_attempts
CREATE TRIGGER words_apart BEFORE UPDATE OF kpis, score_breakdown, feedback ON public.scenario_attempts FOR EACH ROW EXECUTE FUNCTION set_words_apart();

-- trigger words_apart_at_once on scenario_attempts
CREATE TRIGGER words_apart_at_once BEFORE INSERT ON public.scenario_attempts FOR EACH ROW WHEN ((((new.kpis IS NOT NULL) OR (new.score_breakdown IS NOT NULL) OR (new.feedback IS NOT NULL)) AND (COALESCE(current_setting('parley.words_apart'::text, true), ''::text) <> 'already'::text))) EXECUTE FUNCTION set_words_apart();

-- trigger audit on scenarios
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.scenarios FOR EACH ROW EXECUTE FUNCTION audit();

-- trigger published on scenarios
CREATE TRIGGER published BEFORE UPDATE ON public.scenarios FOR EACH ROW WHEN (((old.status)::text <> 'draft'::text)) EXECUTE FUNCTION keep_published_version();

-- trigger rubric on scenarios
CREATE TRIGGER rubric BEFORE INSERT OR UPDATE OF rubric ON public.scenarios FOR EACH ROW EXECUTE FUNCTION check_rubric();

-- trigger tell on scenarios
CREATE TRIGGER tell AFTER INSERT OR DELETE OR UPDATE ON public.scenarios FOR EACH ROW EXECUTE FUNCTION tell_change();

-- trigger touch on scenarios
CREATE TRIGGER touch BEFORE UPDATE ON public.scenarios FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- trigger audit on teams
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.teams FOR EACH ROW EXECUTE FUNCTION audit();

-- trigger teams_tree on teams
CREATE TRIGGER teams_tree BEFORE INSERT OR UPDATE OF parent_id ON public.teams FOR EACH ROW WHEN ((new.parent_id IS NOT NULL)) EXECUTE FUNCTION keep_teams_a_tree();

-- trigger touch on teams
CREATE TRIGGER touch BEFORE UPDATE ON public.teams FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- trigger audit on track_scenarios
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.track_scenarios FOR EACH ROW EXECUTE FUNCTION audit();

-- trigger touch on track_scenarios
CREATE TRIGGER touch BEFORE UPDATE ON public.track_scenarios FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- trigger audit on tracks
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.tracks FOR EACH ROW EXECUTE FUNCTION audit();

-- trigger touch on tracks
CREATE TRIGGER touch BEFORE UPDATE ON public.tracks FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- trigger audit on users
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION audit();

-- trigger dim_users_add on users
CREATE TRIGGER dim_users_add AFTER INSERT ON public.users FOR EACH ROW EXECUTE FUNCTION keep_dim_users();

-- trigger dim_users_change on users
CREATE TRIGGER dim_users_change AFTER UPDATE ON public.users FOR EACH ROW WHEN (((((((old.role)::text IS DISTINCT FROM (new.role)::text) OR (old.team_id IS DISTINCT FROM new.team_id)) OR ((old.first_name)::text IS DISTINCT FROM (new.first_name)::text)) OR ((old.last_name)::text IS DISTINCT FROM (new.last_name)::text)) OR ((old.email)::text IS DISTINCT FROM (new.email)::text))) EXECUTE FUNCTION keep_dim_users();

-- trigger touch on users
CREATE TRIGGER touch BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- trigger touch on webhook_deliveries
CREATE TRIGGER touch BEFORE UPDATE ON public.webhook_deliveries FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- trigger audit on webhooks
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.webhooks FOR EACH ROW EXECUTE FUNCTION audit();

-- trigger touch on webhooks
CREATE TRIGGER touch BEFORE UPDATE ON public.webhooks FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

create policy assignments_manage_all on assignments for all to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'admin'::text)))
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'admin'::text)));

create policy assignments_manage_teams on assignments for all to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'manager'::text) AND ((user_id = ANY (( SELECT managed_user_ids() AS managed_user_ids)::uuid[])) OR (team_id = ANY (( SELECT managed_team_ids() AS managed_team_ids)::uuid[])))))
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'manager'::text) AND ((user_id = ANY (( SELECT managed_user_ids() AS managed_user_ids)::uuid[])) OR (team_id = ANY (( SELECT managed_team_ids() AS managed_team_ids)::uuid[])))));

create policy assignments_owner on assignments for all to parley_owner
    using (true)
    with check (true);

create policy assignments_read_all on assignments for select to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = ANY (ARRAY['admin'::text, 'hr'::text]))));

create policy assignments_read_own on assignments for select to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND ((user_id = ( SELECT claim_user_id() AS claim_user_id)) OR (team_id = ( SELECT my_team_id() AS my_team_id)))));

create policy assignments_service on assignments for all to parley_service
    using (true)
    with check (true);

create policy attempt_recordings_owner on attempt_recordings for all to parley_owner
    using (true)
    with check (true);

create policy attempt_recordings_read on attempt_recordings for select to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND may_read_attempt(attempt_id, true)));

create policy attempt_recordings_service on attempt_recordings for all to parley_service
    using (true)
    with check (true);

create policy attempt_transcripts_owner on attempt_transcripts for all to parley_owner
    using (true)
    with check (true);

create policy attempt_transcripts_read on attempt_transcripts for select to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND may_read_attempt(attempt_id, true)));

create policy attempt_transcripts_service on attempt_transcripts for all to parley_service
    using (true)
    with check (true);

create policy attempt_utterances_owner on attempt_utterances for all to parley_owner
    using (true)
    with check (true);

create policy attempt_utterances_service on attempt_utterances for all to parley_service
    using (true)
    with check (true);

create policy attempt_words_owner on attempt_words for all to parley_owner
    using (true)
    with check (true);

create policy attempt_words_read on attempt_words for select to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND may_read_attempt(attempt_id, true)));

create policy attempt_words_service on attempt_words for all to parley_service
    using (true)
    with check (true);

create policy audit_log_owner on audit_log for all to parley_owner
    using (true)
    with check (true);

create policy audit_log_read on audit_log for select to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'admin'::text)));

create policy audit_log_service on audit_log for select to parley_service
    using (true);

create policy consents_give on consents for insert to parley_authenticated
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (user_id = ( SELECT claim_user_id() AS claim_user_id))));

create policy consents_owner on consents for all to parley_owner
    using (true)
    with check (true);

create policy consents_read_all on consents for select to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = ANY (ARRAY['admin'::text, 'hr'::text]))));

create policy consents_read_own on consents for select to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (user_id = ( SELECT claim_user_id() AS claim_user_id))));

create policy consents_service on consents for all to parley_service
    using (true)
    with check (true);

create policy consents_withdraw on consents for update to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (user_id = ( SELECT claim_user_id() AS claim_user_id))))
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (user_id = ( SELECT claim_user_id() AS claim_user_id))));

create policy criterion_disputes_open on criterion_disputes for insert to parley_authenticated
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (user_id = ( SELECT claim_user_id() AS claim_user_id)) AND ((status)::text = 'open'::text) AND (EXISTS ( SELECT
   FROM scenario_attempts a
  WHERE ((a.id = criterion_disputes.attempt_id) AND (a.user_id = ( SELECT claim_user_id() AS claim_user_id)) AND ((a.mode)::text = 'official'::text))))));

create policy criterion_disputes_owner on criterion_disputes for all to parley_owner
    using (true)
    with check (true);

create policy criterion_disputes_read on criterion_disputes for select to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND ((user_id = ( SELECT claim_user_id() AS claim_user_id)) OR ( SELECT (claim_role() = 'admin'::text)) OR (( SELECT (claim_role() = 'manager'::text)) AND (user_id IN ( SELECT unnest(managed_user_ids()) AS unnest))))));

create policy criterion_disputes_service on criterion_disputes for all to parley_service
    using (true)
    with check (true);

create policy criterion_disputes_settle on criterion_disputes for update to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND ((user_id = ( SELECT claim_user_id() AS claim_user_id)) OR may_correct_attempt(attempt_id, user_id))))
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND ((user_id = ( SELECT claim_user_id() AS claim_user_id)) OR may_correct_attempt(attempt_id, user_id))));

create policy criterion_overrides_add on criterion_overrides for insert to parley_authenticated
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (by_id = ( SELECT claim_user_id() AS claim_user_id)) AND may_correct_attempt(attempt_id, user_id)));

create policy criterion_overrides_owner on criterion_overrides for all to parley_owner
    using (true)
    with check (true);

create policy criterion_overrides_read on criterion_overrides for select to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND ((user_id = ( SELECT claim_user_id() AS claim_user_id)) OR ( SELECT (claim_role() = 'admin'::text)) OR (( SELECT (claim_role() = 'manager'::text)) AND (user_id IN ( SELECT unnest(managed_user_ids()) AS unnest))))));

create policy criterion_overrides_service on criterion_overrides for all to parley_service
    using (true)
    with check (true);

create policy dim_orgs_owner on dim_orgs for all to parley_owner
    using (true)
    with check (true);

create policy dim_orgs_read on dim_orgs for select to parley_authenticated
    using ((org_id = ( SELECT claim_org_id() AS claim_org_id)));

create policy dim_orgs_service on dim_orgs for all to parley_service
    using (true)
    with check (true);

create policy dim_scenarios_owner on dim_scenarios for all to parley_owner
    using (true)
    with check (true);

create policy dim_scenarios_read on dim_scenarios for select to parley_authenticated
    using ((org_id = ( SELECT claim_org_id() AS claim_org_id)));

create policy dim_scenarios_service on dim_scenarios for all to parley_service
    using (true)
    with check (true);

create policy dim_tracks_owner on dim_tracks for all to parley_owner
    using (true)
    with check (true);

create policy dim_tracks_read on dim_tracks for select to parley_authenticated
    using ((org_id = ( SELECT claim_org_id() AS claim_org_id)));

create policy dim_tracks_service on dim_tracks for all to parley_service
    using (true)
    with check (true);

create policy dim_users_owner on dim_users for all to parley_owner
    using (true)
    with check (true);

create policy dim_users_read on dim_users for select to parley_authenticated
    using ((org_id = ( SELECT claim_org_id() AS claim_org_id)));

create policy dim_users_service on dim_users for all to parley_service
    using (true)
    with check (true);

create policy erasures_ask on erasures for insert to parley_authenticated
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND ((user_id = ( SELECT claim_user_id() AS claim_user_id)) OR (( SELECT claim_role() AS claim_role) = 'admin'::text))));

create policy erasures_change on erasures for update to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND ((user_id = ( SELECT claim_user_id() AS claim_user_id)) OR (( SELECT claim_role() AS claim_role) = 'admin'::text))))
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND ((user_id = ( SELECT claim_user_id() AS claim_user_id)) OR (( SELECT claim_role() AS claim_role) = 'admin'::text))));

create policy erasures_owner on erasures for all to parley_owner
    using (true)
    with check (true);

create policy erasures_read on erasures for select to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND ((user_id = ( SELECT claim_user_id() AS claim_user_id)) OR (( SELECT claim_role() AS claim_role) = 'admin'::text))));

create policy erasures_service on erasures for all to parley_service
    using (true)
    with check (true);

create policy events_owner on events for all to parley_owner
    using (true)
    with check (true);

create policy events_read on events for select to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND ((( SELECT claim_role() AS claim_role) = 'admin'::text) OR (actor_id = ( SELECT claim_user_id() AS claim_user_id)))));

create policy events_record on events for insert to parley_authenticated
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (actor_id = ( SELECT claim_user_id() AS claim_user_id))));

create policy events_service on events for all to parley_service
    using (true)
    with check (true);

create policy fact_kpi_events_owner on fact_kpi_events for all to parley_owner
    using (true)
    with check (true);

create policy fact_kpi_events_read on fact_kpi_events for select to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND ((user_id = ( SELECT claim_user_id() AS claim_user_id)) OR (((mode)::text = 'official'::text) AND (( SELECT (claim_role() = ANY (ARRAY['admin'::text, 'hr'::text]))) OR (( SELECT (claim_role() = 'manager'::text)) AND (user_id IN ( SELECT unnest(managed_user_ids()) AS unnest))))))));

create policy fact_kpi_events_service on fact_kpi_events for all to parley_service
    using (true)
    with check (true);

create policy fact_attempts_owner on fact_scenario_attempts for all to parley_owner
    using (true)
    with check (true);

create policy fact_attempts_read on fact_scenario_attempts for select to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND ((user_id = ( SELECT claim_user_id() AS claim_user_id)) OR (((mode)::text = 'official'::text) AND (( SELECT (claim_role() = ANY (ARRAY['admin'::text, 'hr'::text]))) OR (( SELECT (claim_role() = 'manager'::text)) AND (user_id IN ( SELECT unnest(managed_user_ids()) AS unnest))))))));

create policy fact_attempts_service on fact_scenario_attempts for all to parley_service
    using (true)
    with check (true);

create policy lender_facts_owner on lender_facts for all to parley_owner
    using (true)
    with check (true);

create policy lender_facts_read on lender_facts for select to parley_authenticated
    using ((org_id = ( SELECT claim_org_id() AS claim_org_id)));

create policy lender_facts_service on lender_facts for all to parley_service
    using (true)
    with check (true);

create policy lender_facts_write on lender_facts for all to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = ANY (ARRAY['admin'::text, 'manager'::text]))))
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = ANY (ARRAY['admin'::text, 'manager'::text]))));

create policy orgs_change on orgs for update to parley_authenticated
    using (((id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'admin'::text)))
    with check (((id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'admin'::text)));

create policy orgs_owner on orgs for all to parley_owner
    using (true)
    with check (true);

create policy orgs_read on orgs for select to parley_authenticated
    using ((id = ( SELECT claim_org_id() AS claim_org_id)));

create policy orgs_service on orgs for all to parley_service
    using (true)
    with check (true);

create policy pack_approvals_owner on pack_approvals for all to parley_owner
    using (true)
    with check (true);

create policy pack_approvals_read on pack_approvals for select to parley_authenticated
    using ((org_id = ( SELECT claim_org_id() AS claim_org_id)));

create policy pack_approvals_record on pack_approvals for insert to parley_authenticated
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'admin'::text) AND (by_id = ( SELECT claim_user_id() AS claim_user_id)) AND (withdrawn_at IS NULL)));

create policy pack_approvals_service on pack_approvals for all to parley_service
    using (true)
    with check (true);

create policy pack_approvals_withdraw on pack_approvals for update to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'admin'::text)))
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'admin'::text) AND (withdrawn_by_id = ( SELECT claim_user_id() AS claim_user_id))));

create policy people_import_rows_admin on people_import_rows for all to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'admin'::text)))
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'admin'::text)));

create policy people_import_rows_owner on people_import_rows for all to parley_owner
    using (true)
    with check (true);

create policy people_import_rows_service on people_import_rows for all to parley_service
    using (true)
    with check (true);

create policy people_imports_admin on people_imports for all to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'admin'::text)))
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'admin'::text)));

create policy people_imports_owner on people_imports for all to parley_owner
    using (true)
    with check (true);

create policy people_imports_service on people_imports for all to parley_service
    using (true)
    with check (true);

create policy rescores_ask on rescores for insert to parley_authenticated
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'admin'::text) AND (by_id = ( SELECT claim_user_id() AS claim_user_id)) AND ((status)::text = 'queued'::text)));

create policy rescores_owner on rescores for all to parley_owner
    using (true)
    with check (true);

create policy rescores_read on rescores for select to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'admin'::text)));

create policy rescores_service on rescores for all to parley_service
    using (true)
    with check (true);

create policy attempts_change_own on scenario_attempts for update to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (user_id = ( SELECT claim_user_id() AS claim_user_id))))
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (user_id = ( SELECT claim_user_id() AS claim_user_id))));

create policy attempts_owner on scenario_attempts for all to parley_owner
    using (true)
    with check (true);

create policy attempts_read on scenario_attempts for select to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND ((user_id = ( SELECT claim_user_id() AS claim_user_id)) OR (((mode)::text = 'official'::text) AND (( SELECT (claim_role() = ANY (ARRAY['admin'::text, 'hr'::text]))) OR (( SELECT (claim_role() = 'manager'::text)) AND (user_id IN ( SELECT unnest(managed_user_ids()) AS unnest))))))));

create policy attempts_service on scenario_attempts for all to parley_service
    using (true)
    with check (true);

create policy attempts_start_own on scenario_attempts for insert to parley_authenticated
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (user_id = ( SELECT claim_user_id() AS claim_user_id)) AND ((status)::text = 'created'::text) AND (kpis IS NULL) AND (score IS NULL) AND (score_breakdown IS NULL) AND (feedback IS NULL)));

create policy scenario_evals_ask on scenario_evals for insert to parley_authenticated
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = ANY (ARRAY['admin'::text, 'manager'::text])) AND (by_id = ( SELECT claim_user_id() AS claim_user_id)) AND ((status)::text = 'queued'::text) AND (result IS NULL)));

create policy scenario_evals_owner on scenario_evals for all to parley_owner
    using (true)
    with check (true);

create policy scenario_evals_read on scenario_evals for select to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = ANY (ARRAY['admin'::text, 'manager'::text]))));

create policy scenario_evals_service on scenario_evals for all to parley_service
    using (true)
    with check (true);

create policy scenario_exemplars_owner on scenario_exemplars for all to parley_owner
    using (true)
    with check (true);

create policy scenario_exemplars_read on scenario_exemplars for select to parley_authenticated
    using ((org_id = ( SELECT claim_org_id() AS claim_org_id)));

create policy scenario_exemplars_service on scenario_exemplars for all to parley_service
    using (true)
    with check (true);

create policy scenarios_owner on scenarios for all to parley_owner
    using (true)
    with check (true);

create policy scenarios_read on scenarios for select to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (((status)::text <> 'draft'::text) OR (( SELECT claim_role() AS claim_role) = ANY (ARRAY['admin'::text, 'manager'::text])))));

create policy scenarios_service on scenarios for all to parley_service
    using (true)
    with check (true);

create policy scenarios_write on scenarios for all to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = ANY (ARRAY['admin'::text, 'manager'::text]))))
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = ANY (ARRAY['admin'::text, 'manager'::text]))));

create policy teams_owner on teams for all to parley_owner
    using (true)
    with check (true);

create policy teams_read on teams for select to parley_authenticated
    using ((org_id = ( SELECT claim_org_id() AS claim_org_id)));

create policy teams_service on teams for all to parley_service
    using (true)
    with check (true);

create policy teams_write on teams for all to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'admin'::text)))
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'admin'::text)));

create policy track_scenarios_owner on track_scenarios for all to parley_owner
    using (true)
    with check (true);

create policy track_scenarios_read on track_scenarios for select to parley_authenticated
    using ((org_id = ( SELECT claim_org_id() AS claim_org_id)));

create policy track_scenarios_service on track_scenarios for all to parley_service
    using (true)
    with check (true);

create policy track_scenarios_write on track_scenarios for all to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = ANY (ARRAY['admin'::text, 'manager'::text]))))
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = ANY (ARRAY['admin'::text, 'manager'::text]))));

create policy tracks_owner on tracks for all to parley_owner
    using (true)
    with check (true);

create policy tracks_read on tracks for select to parley_authenticated
    using ((org_id = ( SELECT claim_org_id() AS claim_org_id)));

create policy tracks_service on tracks for all to parley_service
    using (true)
    with check (true);

create policy tracks_write on tracks for all to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = ANY (ARRAY['admin'::text, 'manager'::text]))))
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = ANY (ARRAY['admin'::text, 'manager'::text]))));

create policy users_add on users for insert to parley_authenticated
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'admin'::text)));

create policy users_change_as_admin on users for update to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'admin'::text)))
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'admin'::text)));

create policy users_change_own on users for update to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (id = ( SELECT claim_user_id() AS claim_user_id))))
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (id = ( SELECT claim_user_id() AS claim_user_id)) AND ((role)::text = ( SELECT claim_role() AS claim_role)) AND is_active));

create policy users_owner on users for all to parley_owner
    using (true)
    with check (true);

create policy users_read on users for select to parley_authenticated
    using ((org_id = ( SELECT claim_org_id() AS claim_org_id)));

create policy users_service on users for all to parley_service
    using (true)
    with check (true);

create policy webhook_deliveries_owner on webhook_deliveries for all to parley_owner
    using (true)
    with check (true);

create policy webhook_deliveries_read on webhook_deliveries for select to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'admin'::text)));

create policy webhook_deliveries_service on webhook_deliveries for all to parley_service
    using (true)
    with check (true);

create policy webhooks_manage on webhooks for all to parley_authenticated
    using (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'admin'::text)))
    with check (((org_id = ( SELECT claim_org_id() AS claim_org_id)) AND (( SELECT claim_role() AS claim_role) = 'admin'::text)));

create policy webhooks_owner on webhooks for all to parley_owner
    using (true)
    with check (true);

create policy webhooks_service on webhooks for all to parley_service
    using (true)
    with check (true);
