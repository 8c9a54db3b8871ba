from __future__ import annotations

from django.urls import path

from parley.scoring.rescoring import views

urlpatterns = [
    path("scenarios/<slug:key>/rescore/", views.rescore, name="scenario-rescore"),
    path("rescores/<uuid:rescore_id>/", views.rescore_run, name="rescore-run"),
]
