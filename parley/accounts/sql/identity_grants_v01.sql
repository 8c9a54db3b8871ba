-- Identity, session and job tables belong to no tenant. Each role gets exactly what it needs.

grant usage on schema public to parley_authenticator, parley_authenticated, parley_service, parley_worker;

-- Sign-in: the authenticator alone.
grant select, insert, update, delete on identities, api_tokens, django_session, account_emailaddress, account_emailconfirmation
    to parley_authenticator;
grant usage, select on sequence account_emailaddress_id_seq, account_emailconfirmation_id_seq to parley_authenticator;
grant select on django_content_type, auth_permission, auth_group, auth_group_permissions, django_migrations
    to parley_authenticator, parley_worker;
-- The installation itself adds people (demo data, invitations) and looks up who they are.
grant select, insert, update, delete on identities, api_tokens, account_emailaddress to parley_service;
grant usage, select on sequence account_emailaddress_id_seq to parley_service;

-- Deferring a job, in whatever role the transaction acts: insert the job, its event, read back its id.
grant insert, select (id) on procrastinate_jobs to parley_authenticator, parley_authenticated, parley_service;
grant insert on procrastinate_events to parley_authenticator, parley_authenticated, parley_service;
grant usage on sequence procrastinate_jobs_id_seq, procrastinate_events_id_seq to parley_authenticator, parley_authenticated, parley_service;

-- Fetching and finishing jobs: the worker.
grant select, insert, update, delete on procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers, procrastinate_workers
    to parley_worker;
grant usage, select on all sequences in schema public to parley_worker;
grant select on procrastinate_workers to parley_authenticator;
