from __future__ import annotations

from django.urls import path

from parley.shell import offline, views
from parley.shell.dashboards import views as dashboards

urlpatterns = [
    path("admin/design-system", views.design_system, name="design-system"),
    path("live/", views.live, name="live"),
    path("search/", views.search_page, name="search"),
    path("dashboard/", dashboards.dashboard, name="dashboard"),
    path("dashboard/health/", dashboards.system_health, name="system-health"),
    path("offline/", offline.page, name="offline"),
    path("service-worker.js", offline.service_worker, name="service-worker"),
    path("help/", views.help_index, name="help"),
    path("help/<slug:slug>/", views.help_doc, name="help-doc"),
    path("menu/", views.menu, name="menu"),
    path("menu/counts/", views.sidebar_counts, name="sidebar-counts"),
    path("preferences/sidebar/", views.sidebar_width, name="sidebar-width"),
]
