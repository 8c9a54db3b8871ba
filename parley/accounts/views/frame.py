"""The frame around settings and administration: their tabs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from parley.accounts import tabs
from parley.accounts.access import member_of


def settings_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, tab: str, status: int = 200
) -> HttpResponse:
    """A page of the settings, with its tab marked."""
    shown = {"tabs": tabs.tabs_of(tabs.SETTINGS, member_of(request)), "tab": tab, "tabs_name": "Settings"}
    return render(request, template, {**shown, **context}, status=status)


def admin_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, tab: str, status: int = 200
) -> HttpResponse:
    """A page of the administration, with its tab marked."""
    shown = {"tabs": tabs.tabs_of(tabs.ADMIN, member_of(request)), "tab": tab, "tabs_name": "Administration"}
    return render(request, template, {**shown, **context}, status=status)
