"""Make an organisation with its first admin."""

from __future__ import annotations

import secrets
from typing import Any

from allauth.account.models import EmailAddress
from django.core.management.base import BaseCommand, CommandError
from django.utils.text import slugify

from parley.accounts.actions import add_user
from parley.accounts.models import Identity, Org
from parley.core.tenancy import acting_as_service


class Command(BaseCommand):
    help = "Make an organisation and its first admin; prints a password for a new person. Then run load_library."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("name", help="the organisation's name")
        parser.add_argument("email", help="its first admin")

    def handle(self, *args: Any, name: str, email: str, **options: Any) -> None:
        slug = slugify(name)
        if not slug:
            raise CommandError(f"{name!r} has no letter or digit; give the organisation a name that people can read.")
        password = ""
        with acting_as_service("An organisation is made before anybody belongs to it."):
            if Org.objects.filter(slug=slug).exists():
                raise CommandError(f"There is already an organisation called {name!r}; choose another name.")
            org = Org.objects.create(name=name, slug=slug)
            identity = Identity.objects.filter(email__iexact=email).first()
            if identity is None:
                password = secrets.token_urlsafe(12)
                identity = Identity.objects.create_user(email, password)
                EmailAddress.objects.create(user=identity, email=identity.email, primary=True, verified=True)
            add_user(org, email=email, role="admin", identity=identity)
        known = f"{email} signs in to {name} as before"
        self.stdout.write(f"{email} is admin of {name}; first password: {password}" if password else known)
