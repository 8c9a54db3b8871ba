from __future__ import annotations

from django.urls import path

from parley.accounts.views import identity, own, pictures

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
]
