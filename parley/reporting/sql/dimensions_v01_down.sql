drop trigger dim_users_add on users; drop trigger dim_users_change on users;
drop function write_dimensions(); drop function keep_dim_users();
