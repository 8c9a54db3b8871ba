do $$
declare p record;
begin
    for p in select policyname, tablename from pg_policies
             where tablename in ('fact_scenario_attempts', 'fact_kpi_events', 'dim_orgs', 'dim_users', 'dim_scenarios', 'dim_tracks') loop
        execute format('drop policy %I on %I', p.policyname, p.tablename);
    end loop;
end $$;
