from __future__ import annotations

from django.urls import path

from parley.shell import views

urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("admin/design-system", views.design_system, name="design-system"),
    path("live/", views.live, name="live"),
    path("search/", views.search_page, name="search"),
    path("menu/", views.menu, name="menu"),
    path("menu/counts/", views.sidebar_counts, name="sidebar-counts"),
    path("preferences/sidebar/", views.sidebar_width, name="sidebar-width"),
]
