"""Write docs/reference/schemas/{transcript,kpis,score,rubric}.json from the models."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from parley.scoring.shapes import schemas


class Command(BaseCommand):
    help = "Write the JSON Schemas of transcript, KPIs, score and rubric under docs/reference/schemas/."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when a file is out of date")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        folder = settings.BASE_DIR / "docs" / "reference" / "schemas"
        folder.mkdir(parents=True, exist_ok=True)
        for name, schema in schemas().items():
            path, text = folder / f"{name}.json", json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
            if path.exists() and path.read_text(encoding="utf-8") == text:
                continue
            if check:
                raise CommandError(
                    f"{path.relative_to(settings.BASE_DIR)} is out of date; run manage.py write_schemas."
                )
            path.write_text(text, encoding="utf-8")
        self.stdout.write("The schemas and their files agree." if check else "Written.")
