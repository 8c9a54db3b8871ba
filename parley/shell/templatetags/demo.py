"""Who can be signed in with one click: nobody unless this is a demo asked from this machine."""

from __future__ import annotations

from typing import Any

from django import template

from parley.accounts import demo
from parley.accounts.demo import DemoMember

register = template.Library()


@register.simple_tag(takes_context=True)
def demo_people(context: dict[str, Any]) -> tuple[DemoMember, ...]:
    """The demo people when one-click sign-in works for this request, else an empty tuple."""
    request = context.get("request")
    return demo.DEMO_MEMBERS if request is not None and demo.is_demo(request) else ()
