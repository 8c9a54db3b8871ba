"""Seats: how many people may be active at once. The organisation's entitlements say so; without a number all may."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from parley.accounts.models import Org, User


@dataclass(frozen=True, slots=True)
class Seats:
    """How many there are and how many are taken by people who are active or invited."""

    of: int | None
    taken: int

    @property
    def left(self) -> int | None:
        """How many people fit yet; None when there is no limit."""
        return None if self.of is None else max(0, self.of - self.taken)

    @property
    def refusal(self) -> str:
        """What to say to whoever comes after the last seat."""
        return f"All {self.of} seats of the plan are taken; deactivate somebody or ask for more seats."


def seats_of(org_id: UUID) -> Seats:
    """The seats of an organisation as they stand now."""
    given = Org.objects.filter(pk=org_id).values_list("entitlements", flat=True).first() or {}
    number = given.get("seats")
    known = isinstance(number, int) and not isinstance(number, bool) and number >= 0
    return Seats(number if known else None, User.objects.filter(org_id=org_id, is_active=True).count())
