"""Teams as the tree they hang in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Q

from parley.accounts.models import Team


@dataclass(slots=True)
class Branch:
    """One team with what hangs below it."""

    team: Team
    people: int
    """Active people in the team itself."""
    below: list[Branch] = field(default_factory=list)

    @property
    def people_in_all(self) -> int:
        return self.people + sum(branch.people_in_all for branch in self.below)


def tree() -> list[Branch]:
    """The teams in use, as a tree by name; what hangs below an archived team comes to the top."""
    counted = Count("users", filter=Q(users__is_active=True))
    teams = list(Team.objects.filter(archived_at=None).select_related("manager").annotate(n=counted).order_by("name"))
    branches = {team.pk: Branch(team, team.n) for team in teams}
    roots: list[Branch] = []
    for team in teams:
        above = branches.get(team.parent_id) if team.parent_id else None
        (above.below if above else roots).append(branches[team.pk])
    return roots


def archived() -> list[Team]:
    """Teams out of use, newest first."""
    return list(Team.objects.filter(archived_at__isnull=False).order_by("-archived_at"))


def ids_below(team_id: UUID) -> set[UUID]:
    """The team and all that hangs below it."""
    children: dict[UUID | None, list[UUID]] = defaultdict(list)
    for pk, parent in Team.objects.values_list("pk", "parent_id"):
        children[parent].append(pk)
    return set(_walk(team_id, children))


def _walk(team_id: UUID, children: dict[UUID | None, list[UUID]]) -> Iterator[UUID]:
    yield team_id
    for child in children[team_id]:
        yield from _walk(child, children)
