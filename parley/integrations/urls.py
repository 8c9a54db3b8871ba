from __future__ import annotations

from django.urls import path

from parley.integrations import views

urlpatterns = [path("settings/webhooks/failures/", views.webhook_failures, name="webhook-failures")]
