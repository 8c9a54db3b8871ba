from __future__ import annotations

from django.urls import path

from parley.calls import api, views

urlpatterns = [
    path("scenarios/", views.library, name="scenario-library"),
    path("scenarios/<slug:key>/", views.scenario_detail, name="scenario-detail"),
    path("play/<slug:key>/", views.play, name="play"),
    path("api/calls/start", api.start, name="call-start"),
    path("api/calls/<uuid:attempt_id>/join", api.join, name="call-join"),
    path("api/calls/<uuid:attempt_id>/heartbeat", api.heartbeat, name="call-heartbeat"),
    path("api/calls/<uuid:attempt_id>/end", api.end, name="call-end"),
    path("api/calls/<uuid:attempt_id>/abandon", api.abandon, name="call-abandon"),
    path("api/calls/<uuid:attempt_id>/status", api.status, name="call-status"),
    path("api/calls/<uuid:attempt_id>/transcript", api.transcript, name="call-transcript"),
    path("api/calls/<uuid:attempt_id>/media", api.media, name="call-media"),
]
