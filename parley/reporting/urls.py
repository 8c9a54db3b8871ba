from __future__ import annotations

from django.urls import path

from parley.reporting.own_data import my_data

urlpatterns = [path("settings/data/", my_data, name="settings-data")]
