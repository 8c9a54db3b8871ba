"""Organisations, users, teams, roles and sign-in.

Words: identity (who signs in, global), user (profile and role in one org), org, team, member (a user's claims), role
(trainee, manager, admin, hr), demo. Events recorded: `user.added`.
"""
