"""Make the exemplar calls that are missing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parley.calls.voiced import ModelError
from parley.core.tenancy import acting_as_service
from parley.scenarios.models import Scenario
from parley.scoring.exemplars import make_exemplar


class Command(BaseCommand):
    help = "Hold, voice and score the exemplar call of every scenario that can be practised; what exists is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("scenarios", nargs="*", help="Keys or codes, such as S01; default all.")

    def handle(self, *args: Any, scenarios: list[str], **options: Any) -> None:
        with acting_as_service("The command makes exemplar calls for every organisation."):
            rows = [(s.pk, s.key, s.code) for s in Scenario.objects.published().filter(playbook__isnull=False)]
        wanted = {name.lower() for name in scenarios}
        chosen = [row for row in rows if not wanted or row[1] in wanted or row[2].lower() in wanted]
        if not chosen:
            raise CommandError(f"No published scenario with a playbook is called {', '.join(scenarios) or 'anything'}.")
        for pk, key, _ in chosen:
            try:
                made = make_exemplar(pk)
            except ModelError as problem:
                raise CommandError(str(problem)) from None
            if made:
                self.stdout.write(f"{key}: {made.duration_s:.0f} s, score {made.breakdown['total']}")
