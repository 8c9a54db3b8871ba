from __future__ import annotations

from django.urls import path

from parley.scenarios import views

urlpatterns = [
    path("settings/compliance/", views.compliance, name="compliance-settings"),
    path("settings/compliance/<slug:pack>/approvals/", views.approvals_of_pack, name="compliance-approvals"),
    path(
        "settings/compliance/approvals/<uuid:approval_id>/withdrawal/",
        views.approval_withdrawal,
        name="compliance-withdrawal",
    ),
]
