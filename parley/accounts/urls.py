from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from parley.accounts.views import audit, identity, imports, invitation, mails, org, own, people, pictures, teams

urlpatterns = [
    path("settings/", own.settings_start, name="settings"),
    path("settings/profile/", own.profile, name="settings-profile"),
    path("settings/profile/picture/", own.picture, name="settings-picture"),
    path("settings/preferences/", own.preferences, name="settings-preferences"),
    path("settings/sign-in/", identity.sign_in_methods, name="settings-sign-in"),
    path("settings/sessions/", identity.sessions, name="settings-sessions"),
    path("settings/consents/", own.consents, name="settings-consents"),
    path("people/<uuid:user_id>/picture", pictures.avatar, name="avatar"),
    path("organisation/logo", pictures.logo, name="org-logo"),
    path("mails/stop/<str:token>/", mails.stop, name="mails-stop"),
    path("invitation/<str:token>/", invitation.invitation, name="invitation"),
    path("admin/users/", people.users, name="admin-users"),
    path("admin/users/export.csv", people.users_csv, name="admin-users-csv"),
    path("admin/users/invite/", people.invite, name="admin-invite"),
    path("admin/people/", RedirectView.as_view(pattern_name="admin-users", query_string=True), name="admin-people"),
    path("admin/users/import/", imports.imports, name="admin-imports"),
    path("admin/users/import/template.csv", imports.template_csv, name="admin-import-template"),
    path("admin/users/import/<uuid:import_id>/", imports.one, name="admin-import"),
    path("admin/users/import/<uuid:import_id>/refused.csv", imports.refused_csv, name="admin-import-refused"),
    path("admin/users/import/<uuid:import_id>/invitations/", imports.invitations, name="admin-import-invitations"),
    path("admin/users/<uuid:user_id>/", people.user, name="admin-user"),
    path("admin/users/<uuid:user_id>/standing/", people.user_standing, name="admin-user-standing"),
    path("admin/teams/", teams.teams, name="admin-teams"),
    path("admin/teams/<uuid:team_id>/", teams.team, name="admin-team"),
    path("admin/teams/<uuid:team_id>/standing/", teams.team_standing, name="admin-team-standing"),
    path("admin/organisation/", org.organisation, name="admin-organisation"),
    path("admin/organisation/logo/", org.organisation_logo, name="admin-organisation-logo"),
    path("admin/organisation/retention/", org.organisation_retention, name="admin-organisation-retention"),
    path("admin/organisation/<slug:part>/", org.organisation_part, name="admin-organisation-part"),
    path("admin/audit/", audit.log, name="admin-audit"),
    path("admin/audit/export.csv", audit.log_csv, name="admin-audit-csv"),
]
