-- More ways to sign in, and where somebody is signed in: identity tables, so the authenticator alone.
grant select, insert, update, delete on mfa_authenticator, usersessions_usersession, socialaccount_socialaccount,
    socialaccount_socialtoken, socialaccount_socialapp to parley_authenticator;
grant usage, select on sequence mfa_authenticator_id_seq, usersessions_usersession_id_seq, socialaccount_socialaccount_id_seq,
    socialaccount_socialtoken_id_seq, socialaccount_socialapp_id_seq to parley_authenticator;
