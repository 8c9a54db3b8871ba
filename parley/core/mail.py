"""Mails: an MJML template for the eye, a text template for everything else, and the organisation's logo inside."""

from __future__ import annotations

import re
from email.mime.image import MIMEImage
from typing import Any

import mrml
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

LOGO = "logo"
"""The logo's content id: templates show `cid:logo` when `has_logo` says so."""


def send_mail(
    template: str, *, to: str, context: dict[str, Any], logo: bytes | None = None, headers: dict[str, str] | None = None
) -> None:
    """Send `mails/<template>.txt` (its first line is the subject) and `.mjml` to one address.

    `logo` is a PNG. Raises what the mail backend raises, so that a job is tried again.
    """
    shown = {**context, "has_logo": logo is not None}
    subject, _, text = render_to_string(f"mails/{template}.txt", shown).strip().partition("\n")
    # A name may hold a line break; a header may not.
    subject = re.sub(r"\s+", " ", subject).strip()
    message = EmailMultiAlternatives(subject, text.strip() + "\n", to=[to], headers=headers)
    message.attach_alternative(as_html(template, {**shown, "subject": subject}), "text/html")
    if logo is not None:
        image = MIMEImage(logo, "png")
        image.add_header("Content-ID", f"<{LOGO}>")
        image.add_header("Content-Disposition", "inline", filename="logo.png")
        message.mixed_subtype = "related"  # type: ignore[attr-defined]
        message.attach(image)
    message.send()


def as_html(template: str, context: dict[str, Any]) -> str:
    """The mail as the HTML that mail programs show. Raises OSError when the template is no MJML."""
    return str(mrml.to_html(render_to_string(f"mails/{template}.mjml", context)).content)
