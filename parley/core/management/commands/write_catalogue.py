"""Write docs/database/objects.sql, docs/reference/database.md and the grants in docs/reference/tenancy.md."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from parley.core import catalogue, database_page

START, END = "<!-- grants: written by manage.py write_catalogue -->", "<!-- end of grants -->"


class Command(BaseCommand):
    help = "Write docs/database/objects.sql and the grants matrix in docs/reference/tenancy.md from the catalogue."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when a file is out of date")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        objects = settings.BASE_DIR / "docs" / "database" / "objects.sql"
        tenancy = settings.BASE_DIR / "docs" / "reference" / "tenancy.md"
        page = tenancy.read_text(encoding="utf-8")
        matrix = f"{START}\n{catalogue.grants_markdown()}{END}"
        wanted = {
            objects: catalogue.objects_sql(),
            settings.BASE_DIR / "docs" / "reference" / "database.md": database_page.database_markdown(),
            tenancy: re.sub(f"{re.escape(START)}.*{re.escape(END)}", lambda _: matrix, page, flags=re.DOTALL),
        }
        stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
        if check and stale:
            names = ", ".join(str(path.relative_to(settings.BASE_DIR)) for path in stale)
            raise CommandError(f"{names} no longer says what the database holds; run manage.py write_catalogue.")
        if not check:
            for path, text in wanted.items():
                path.write_text(text, encoding="utf-8")
        self.stdout.write("The catalogue and its files agree." if check else "Written.")
