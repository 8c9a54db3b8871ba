from __future__ import annotations

from django.urls import path

from parley.marketing import views

urlpatterns = [path("", views.home, name="home"), path("robots.txt", views.robots, name="robots")]
