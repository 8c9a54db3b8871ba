-- Runs as the owner, past policies: so it names the claims and who may hear of what. It gives no data of an event, only what to
-- read again; that reading is bound by policies like any other.
create function news_since(since bigint, at_most integer default 500)
    returns table (id bigint, tx bigint, event text, subject_type text, subject_id uuid)
    language plpgsql stable security definer
    set search_path = pg_catalog, public
as $$
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
$$;
comment on function news_since(bigint, integer) is
    'What the acting member may hear of, oldest first, of the events recorded by transactions from that number on (null: in the last '
    'minute), a day back at most: kind and subject, never data. One row `reset` when the organisation has more than so many.';
revoke all on function news_since(bigint, integer) from public;
grant execute on function news_since(bigint, integer) to parley_authenticated;
