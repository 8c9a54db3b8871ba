from __future__ import annotations

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "parley.training"
    label = "training"

    def ready(self) -> None:
        """Listen for assignments."""
        from parley.training import subscribers  # noqa: F401
