"""Publish the shipped scenario packs in every organisation."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from parley.accounts.models import Org
from parley.core.tenancy import acting_as_service
from parley.scenarios.actions import publish_file
from parley.scenarios.pack import PackError, load_packs


class Command(BaseCommand):
    help = "Publish the shipped scenario packs in every organisation; unchanged scenarios stay as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            files = load_packs()
        except PackError as error:
            raise CommandError(str(error)) from None
        new = 0
        with acting_as_service("Every organisation gets the shipped scenarios; no member belongs to all of them."):
            for org in Org.objects.order_by("created_at"):
                new += sum(publish_file(org, file)[1] for file in files)
        self.stdout.write(f"{len(files)} scenarios in the library, {new} published now.")
