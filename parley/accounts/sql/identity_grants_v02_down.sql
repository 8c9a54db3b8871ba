revoke all on mfa_authenticator, usersessions_usersession, socialaccount_socialaccount, socialaccount_socialtoken,
    socialaccount_socialapp from parley_authenticator;
revoke all on sequence mfa_authenticator_id_seq, usersessions_usersession_id_seq, socialaccount_socialaccount_id_seq,
    socialaccount_socialtoken_id_seq, socialaccount_socialapp_id_seq from parley_authenticator;
