from __future__ import annotations

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "parley.scoring"
    label = "scoring"

    def ready(self) -> None:
        """Listen for finished calls."""
        from parley.scoring import subscribers  # noqa: F401
