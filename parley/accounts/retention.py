"""What a shorter retention would delete. Apps above, which hold what is deleted, say how much each of them holds."""

from __future__ import annotations

from collections.abc import Callable

from parley.core.tenancy import Member

Preview = Callable[[Member, int], dict[str, int]]
previews: list[Preview] = []
"""Each answers, for the member's organisation and a number of days, how many of what would be deleted tonight."""


def what_would_go(member: Member, days: int) -> dict[str, int]:
    """How many of what is older than these days, by what it is called."""
    found: dict[str, int] = {}
    for preview in previews:
        found.update(preview(member, days))
    return found
