"""A world to attack: real rows, committed, and emptied afterwards."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def world(committed_cast: Any) -> Any:
    """The `World` of world.py; imported late, because Django is not set up when pytest reads this file."""
    from tests.tenancy.attack.world import build_world

    return build_world(committed_cast)
