"""The numbers beside pages in the sidebar, each read under the member's claims."""

from __future__ import annotations

from parley.core.tenancy import Member
from parley.scoring.models import Dispute
from parley.shell.nav import PAGES, Counter
from parley.training import queries as training


def _disputes(member: Member) -> int:
    return Dispute.objects.filter(status="open").count()


COUNTS: dict[str, Counter] = {"disputes": _disputes, "assignments": training.count_open}
"""By the name that a page's `count` gives."""


def counts_for(member: Member) -> dict[str, int]:
    """Every number that this member's sidebar shows."""
    wanted = {page.count for page in PAGES if page.count and page.is_open_to(member)}
    return {name: COUNTS[name](member) for name in sorted(wanted)}
