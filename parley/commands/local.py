"""This machine's Parley from the inside: settings, and the database that bin/up uses, running or not."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parley.supervisor.environment import embedded_server, environment
from parley.supervisor.options import data_dir


@contextmanager
def local_django(data: Path | None = None, *, migrated: bool = True) -> Iterator[None]:
    """Have Django set up on this installation's data, as bin/up would, for as long as the block lasts.

    Our own PostgreSQL is shared with a running bin/up, or started for the block. With `migrated`, a database that is
    older than the code, or empty, is brought up to date first.
    """
    folder = data_dir(data)
    folder.mkdir(parents=True, exist_ok=True)
    server = embedded_server(folder)
    if server:
        server.start()
    try:
        # The command line runs one short thing: no pool of connections.
        os.environ |= environment(folder, server) | {"PARLEY_DATABASE_POOL": "0"}
        import django

        django.setup()
        if migrated:
            from parley.supervisor.prepare import bring_up_to_date

            # Standard output belongs to the command's own answer.
            bring_up_to_date(tell=lambda line: print(line, file=sys.stderr))
        yield
    finally:
        if server:
            from django.db import connections

            connections.close_all()
            server.stop()
