from __future__ import annotations

from django.urls import path

from parley.scoring.evals import views

urlpatterns = [
    path("evals/", views.evals, name="evals"),
    path("evals/rows/", views.rows, name="evals-rows"),
    path("evals/<uuid:scenario_id>/", views.run, name="eval-run"),
]
