from __future__ import annotations

from django.urls import path

from parley.reporting import erasure_views, views
from parley.reporting.own_data import my_data

urlpatterns = [
    path("settings/data/", my_data, name="settings-data"),
    path("settings/data/erasure/", erasure_views.own_request, name="settings-erasure"),
    path("admin/erasures/", erasure_views.requests, name="admin-erasures"),
    path("admin/users/<uuid:user_id>/erase/", erasure_views.erase, name="admin-erase"),
    path("team/", views.roster, name="team"),
    path("team/calls/", views.team_calls, name="team-calls"),
    path("team/people/<uuid:user_id>/", views.person, name="team-person"),
    path("assignments/", views.assignments, name="assignments"),
    path("leaderboard/", views.leaderboard, name="leaderboard"),
]
