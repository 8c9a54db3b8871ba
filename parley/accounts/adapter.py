"""How allauth behaves here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from parley.accounts import demo


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up makes an identity only; an admin's invitation makes the profile."""

    def populate_username(self, request: HttpRequest, user: object) -> None:
        """Identities have no user name."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Demo people, whose password everybody knows, sign in on a demo installation from its own machine alone."""
        identity = super().authenticate(request, **credentials)
        if identity is not None and demo.is_demo_email(identity.email) and not demo.is_demo(request):
            return None
        return identity


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Other services open accounts that exist and were connected in the settings; they make none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """An identity begins here, with an invitation or a password."""
        return False
