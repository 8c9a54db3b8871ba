from __future__ import annotations

from django.apps import AppConfig


class MarketingConfig(AppConfig):
    name = "parley.marketing"
    label = "marketing"
