from __future__ import annotations

from django.urls import include, path

from parley.scoring import views
from parley.scoring.calibration.views import calibration

urlpatterns = [
    path("attempts/", views.attempts, name="attempts"),
    path("attempts/import/", views.import_call, name="attempt-import"),
    path("attempts/<uuid:attempt_id>/", views.review, name="attempt-review"),
    path("attempts/<uuid:attempt_id>/score/", views.score, name="attempt-score"),
    path("attempts/<uuid:attempt_id>/scenario/", views.scenario_draft, name="attempt-scenario"),
    path("attempts/<uuid:attempt_id>/feedback/", views.feedback, name="attempt-feedback"),
    path("calibration/", calibration, name="calibration"),
    path("", include("parley.scoring.corrections.urls")),
    path("", include("parley.scoring.rescoring.urls")),
    path("", include("parley.scoring.evals.urls")),
]
