do $$
declare p record;
begin
    for p in select policyname, tablename from pg_policies where tablename in ('tracks', 'track_scenarios', 'assignments') loop
        execute format('drop policy %I on %I', p.policyname, p.tablename);
    end loop;
end $$;
alter table track_scenarios drop constraint track_scenarios_track_same_org, drop constraint track_scenarios_scenario_same_org,
    drop constraint track_scenarios_prerequisite_same_track;
alter table assignments drop constraint assignments_scenario_same_org, drop constraint assignments_track_same_org,
    drop constraint assignments_user_same_org, drop constraint assignments_team_same_org, drop constraint assignments_assigned_by_same_org;
drop function my_team_id();
