revoke all on all tables in schema public from parley_authenticator, parley_worker;
revoke all on all sequences in schema public from parley_authenticator, parley_worker;
