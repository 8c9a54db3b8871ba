-- Teams hang in a tree; whoever manages one sees it and what hangs below.
create function managed_team_ids() returns uuid[]
    language sql stable parallel safe
    set search_path = pg_catalog, public
    as $$
        with recursive below as (
            select t.id from teams t
            where t.org_id = (select claim_org_id()) and t.manager_id = (select claim_user_id())
            union
            select t.id from teams t join below b on t.parent_id = b.id where t.org_id = (select claim_org_id())
        )
        select coalesce(array_agg(id), '{}') from below
    $$;
comment on function managed_team_ids() is 'Teams that the acting member manages, with all that hang below them.';

create function managed_user_ids() returns uuid[]
    language sql stable parallel safe
    set search_path = pg_catalog, public
    as $$
        select coalesce(array_agg(u.id), '{}') from users u
        where u.org_id = (select claim_org_id()) and u.team_id = any ((select managed_team_ids())::uuid[])
    $$;
comment on function managed_user_ids() is 'Users on the teams of managed_team_ids().';

create function keep_teams_a_tree() returns trigger
    language plpgsql
    set search_path = pg_catalog, public
as $$
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
$$;
comment on function keep_teams_a_tree() is 'Trigger: refuses a parent that would close a circle.';
create trigger teams_tree before insert or update of parent_id on teams
    for each row when (new.parent_id is not null) execute function keep_teams_a_tree();
