"""Make the demo organisation and its people."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.core.management.base import BaseCommand

from parley.accounts.actions import add_user
from parley.accounts.demo import DEMO_MEMBERS, DEMO_ORG_SLUG, DEMO_PASSWORD
from parley.accounts.models import Identity, Org, Team
from parley.core.tenancy import acting_as_service


class Command(BaseCommand):
    help = "Make the demo organisation with one person in each role; running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        with acting_as_service("The demo organisation is made before anybody can sign in."):
            org, _ = Org.objects.get_or_create(slug=DEMO_ORG_SLUG, defaults={"name": "Summit Home Loans"})
            team, _ = Team.objects.get_or_create(org=org, name="Denver branch")
            for person in DEMO_MEMBERS:
                identity = Identity.objects.filter(email=person.email).first()
                if identity is None:
                    identity = Identity.objects.create_user(person.email, DEMO_PASSWORD)
                    EmailAddress.objects.create(user=identity, email=person.email, primary=True, verified=True)
                user = add_user(
                    org,
                    email=person.email,
                    role=person.role,
                    first_name=person.first_name,
                    last_name=person.last_name,
                    title=person.title,
                    team=team if person.role == "trainee" else None,
                    identity=identity,
                )
                if person.role == "manager" and team.manager_id is None:
                    team.manager = user
                    team.save(update_fields=["manager", "updated_at"])
        for person in DEMO_MEMBERS:
            self.stdout.write(f"{person.role}\t{person.name}\t{person.email}\t{DEMO_PASSWORD}")
