"""Every address of the installation, by app."""

from __future__ import annotations

from allauth.account import views as allauth_views
from django.urls import include, path
from django.views.generic import RedirectView

from parley.accounts import views as accounts
from parley.core import views as core
from parley.core.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("storage/<slug:name>/<path:path>", core.storage_object, name="storage-object"),
    path("sign-in/", allauth_views.login, name="account_login"),
    path("sign-out/", allauth_views.logout, name="account_logout"),
    path("demo/sign-in", accounts.demo_sign_in, name="demo-sign-in"),
    path("no-membership/", accounts.no_membership, name="no-membership"),
    path("switch/", accounts.switch_org, name="switch-org"),
    path("accounts/sessions/", RedirectView.as_view(pattern_name="settings-sessions")),
    path("accounts/", include("allauth.urls")),
    path("", include("parley.accounts.urls")),
    path("", include("parley.scenarios.urls")),
    path("", include("parley.calls.urls")),
    path("", include("parley.scoring.urls")),
    path("", include("parley.reporting.urls")),
    path("", include("parley.integrations.urls")),
    path("", include("parley.shell.urls")),
    path("", include("parley.marketing.urls")),
]

handler400 = "parley.shell.errors.bad_request"
handler403 = "parley.shell.errors.forbidden"
handler404 = "parley.shell.errors.not_found"
handler500 = "parley.shell.errors.server_error"
