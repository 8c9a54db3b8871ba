"""A private PostgreSQL of our own, for machines where nobody set DATABASE_URL.

It listens on a Unix socket in a folder that only we may enter, never on TCP, and lives as long as somebody uses it:
every user holds a shared lock, which the kernel gives back however the user dies, and a keeper process, the parent of
the server, stops it when no user is left. No Django here: it runs before Django's settings can be read.

    python -m parley.core.embedded start|stop|urls --data DIR
"""

from __future__ import annotations

from parley.core.embedded.binaries import EmbeddedPostgresError
from parley.core.embedded.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError"]
