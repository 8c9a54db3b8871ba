from __future__ import annotations

from django.urls import path

from parley.scenarios import lender_views, views

urlpatterns = [
    path("admin/lender/", lender_views.figures, name="lender-data"),
    path("admin/lender/new/<slug:kind>/", lender_views.new_figure, name="lender-new"),
    path("admin/lender/<uuid:fact_id>/", lender_views.figure, name="lender-fact"),
    path("admin/lender/<uuid:fact_id>/end/", lender_views.figure_end, name="lender-end"),
    path("settings/compliance/", views.compliance, name="compliance-settings"),
    path("settings/compliance/<slug:pack>/approvals/", views.approvals_of_pack, name="compliance-approvals"),
    path(
        "settings/compliance/approvals/<uuid:approval_id>/withdrawal/",
        views.approval_withdrawal,
        name="compliance-withdrawal",
    ),
]
