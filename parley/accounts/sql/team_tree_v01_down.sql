drop trigger teams_tree on teams;
drop function keep_teams_a_tree(); drop function managed_user_ids(); drop function managed_team_ids();
