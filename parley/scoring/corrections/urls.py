from __future__ import annotations

from django.urls import path

from parley.scoring.corrections import views

_CRITERION = "attempts/<uuid:attempt_id>/criteria/<str:criterion>/"
_DISPUTE = _CRITERION + "disputes/<uuid:dispute_id>/"

urlpatterns = [
    path("disputes/", views.disputes, name="disputes"),
    path(_CRITERION, views.criterion, name="criterion"),
    path(_CRITERION + "override/", views.override, name="criterion-override"),
    path(_CRITERION + "override/withdraw/", views.withdraw_override, name="criterion-override-withdraw"),
    path(_CRITERION + "disputes/", views.dispute, name="criterion-dispute"),
    path(_DISPUTE + "accept/", views.accept, name="dispute-accept"),
    path(_DISPUTE + "decline/", views.decline, name="dispute-decline"),
    path(_DISPUTE + "withdraw/", views.withdraw_dispute, name="dispute-withdraw"),
]
