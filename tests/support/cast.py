"""The standing cast: Ana manages, Ben sells on her team, Hana is HR, Omar is admin, Carla belongs to
another organisation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import cast

from parley.accounts.actions import add_user
from parley.accounts.models import Identity, Org, Team, User
from parley.core.tenancy import Member, Role, acting_as_service
from parley.scenarios.actions import publish_file
from parley.scenarios.models import Scenario
from parley.scenarios.pack import ScenarioFile, load_packs


@dataclass(frozen=True)
class Person:
    """A user with their identity and claims."""

    identity: Identity
    user: User

    @property
    def member(self) -> Member:
        return Member(
            self.user.pk, self.user.org_id, cast("Role", self.user.role), self.user.full_name, self.user.email
        )


@dataclass(frozen=True)
class Cast:
    """Everybody, in two organisations, each with the shipped scenarios."""

    ana: Person
    ben: Person
    hana: Person
    omar: Person
    carla: Person
    dan: Person
    scenario: Scenario
    foreign_scenario: Scenario

    def people(self) -> dict[str, Person]:
        return {name: getattr(self, name) for name in ("ana", "ben", "hana", "omar", "carla", "dan")}


def make_cast() -> Cast:
    """Write the cast as the installation; Dan sells in Ana's organisation but not on her team."""
    with acting_as_service("Tests need people before anybody can act."):
        org = Org.objects.create(name="Summit", slug="summit")
        other = Org.objects.create(name="Rival", slug="rival")
        team = Team.objects.create(org=org, name="Denver")
        ana = _person(org, "ana", "manager")
        team.manager = ana.user
        team.save(update_fields=["manager"])
        file = _first_scenario()
        return Cast(
            ana=ana,
            ben=_person(org, "ben", "trainee", team),
            hana=_person(org, "hana", "hr"),
            omar=_person(org, "omar", "admin"),
            dan=_person(org, "dan", "trainee"),
            carla=_person(other, "carla", "admin"),
            scenario=publish_file(org, file)[0],
            foreign_scenario=publish_file(other, file)[0],
        )


def _person(org: Org, name: str, role: Role, team: Team | None = None) -> Person:
    email = f"{name}@{org.slug}.test"
    identity = Identity.objects.create_user(email, "correct horse battery")
    user = add_user(org, email=email, role=role, first_name=name.capitalize(), team=team, identity=identity)
    return Person(identity, user)


@cache
def _first_scenario() -> ScenarioFile:
    return load_packs()[0]
