"""Pieces of forms that several pages share."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from parley.accounts.choices import timezones


def text(**attrs: Any) -> forms.TextInput:
    """A line of text in the look of the house."""
    return forms.TextInput(attrs={"class": "input", **attrs})


def zone_field(label: str, *, empty: str = "") -> forms.ChoiceField:
    """A time zone; `empty` is what an empty choice means, when there is one."""
    first = [("", empty)] if empty else []
    return forms.ChoiceField(
        label=label,
        required=not empty,
        choices=lambda: [*first, *timezones()],
        widget=forms.Select(attrs={"class": "select"}),
    )


def check_phone(value: str) -> str:
    """The number without surplus blanks. Raises ValidationError when it is none."""
    tidy = " ".join(value.split())
    if tidy and (not re.fullmatch(r"\+?[0-9 ().x/-]+", tidy) or not 7 <= len(re.sub(r"\D", "", tidy)) <= 18):
        raise ValidationError(f"“{value}” is no phone number; write it like +1 303 555 0100.")
    return tidy


def check_nmls_id(value: str) -> str:
    """An NMLS id: 1 to 12 digits, not all zero. A `#` or `NMLS` before it is dropped. Raises ValidationError."""
    digits = re.sub(r"^\s*(?:nmls)?\s*(?:id)?\s*#?\s*", "", value.strip(), flags=re.IGNORECASE)
    if not digits:
        return ""
    if not re.fullmatch(r"[0-9]{1,12}", digits) or int(digits) == 0:
        raise ValidationError(f"“{value}” is no NMLS id; it is the 1 to 12 digits that NMLS Consumer Access shows.")
    return digits.lstrip("0")
