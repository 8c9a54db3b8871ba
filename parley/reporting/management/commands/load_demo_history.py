"""Give the demo organisation a past."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from parley.reporting.seeding.demo import load_history


class Command(BaseCommand):
    help = "Write half a year of calls for the demo organisation; where it has calls already, nothing changes."

    def handle(self, *args: Any, **options: Any) -> None:
        load_history()
