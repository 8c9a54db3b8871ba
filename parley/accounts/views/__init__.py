"""Pages about people and organisations."""

from __future__ import annotations

from parley.accounts.views.entry import demo_sign_in, no_membership, switch_org

__all__ = ["demo_sign_in", "no_membership", "switch_org"]
