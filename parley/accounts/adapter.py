"""How allauth behaves here."""

from __future__ import annotations

import re
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest

from parley.accounts import demo
from parley.core.mail import as_html


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up makes an identity only; an admin's invitation makes the profile."""

    def populate_username(self, request: HttpRequest, user: object) -> None:
        """Identities have no user name."""

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """allauth's text in the look of all other mails."""
        message: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        message.body = re.sub(r"\n{3,}", "\n\n", str(message.body)).strip() + "\n"
        paragraphs = [part.strip() for part in message.body.split("\n\n")]
        shown = {"subject": message.subject, "paragraphs": paragraphs}
        if isinstance(message, EmailMultiAlternatives) and not message.alternatives:
            message.attach_alternative(as_html("account", shown), "text/html")
        return message

    def format_email_subject(self, subject: str) -> str:
        """Without the host in brackets that allauth puts before it."""
        return subject

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
