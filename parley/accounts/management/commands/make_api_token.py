"""Make an API token for somebody."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from parley.accounts.actions import make_api_token
from parley.accounts.models import Identity


class Command(BaseCommand):
    help = "Make an API token for the person with this e-mail address and print it once."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="command line", help="what the token is for")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        identity = Identity.objects.filter(email__iexact=email).first()
        if identity is None:
            raise CommandError(f"Nobody signs in as {email!r}; check the address.")
        self.stdout.write(make_api_token(identity, name=name))
