"""How allauth behaves here."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up makes an identity only; an admin's invitation makes the profile."""

    def populate_username(self, request: HttpRequest, user: object) -> None:
        """Identities have no user name."""
