from __future__ import annotations

from django.urls import path

from parley.reporting import views
from parley.reporting.own_data import my_data

urlpatterns = [
    path("settings/data/", my_data, name="settings-data"),
    path("team/", views.roster, name="team"),
    path("team/calls/", views.team_calls, name="team-calls"),
    path("team/people/<uuid:user_id>/", views.person, name="team-person"),
    path("assignments/", views.assignments, name="assignments"),
    path("leaderboard/", views.leaderboard, name="leaderboard"),
]
