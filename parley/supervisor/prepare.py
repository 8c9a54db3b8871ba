"""Bring database and library up to date in one Django start: `python -m parley.supervisor.prepare [--demo]`."""

from __future__ import annotations

import os
import sys

import django
from django.core.management import call_command


def main() -> None:
    """Migrate as owner, load the practice library, and on request the demo organisation."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.settings")
    django.setup()
    call_command("migrate", database="owner", interactive=False, verbosity=1)
    call_command("load_library")
    if "--demo" in sys.argv[1:]:
        call_command("load_demo")


if __name__ == "__main__":
    main()
