"""Start, stop and describe an embedded server from the command line; also the keeper's own entry."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from parley.core.embedded import EmbeddedPostgres, EmbeddedPostgresError
from parley.core.embedded.keeper import keep


def main() -> int:
    """Do what the command line says. Returns an exit status."""
    parser = argparse.ArgumentParser(prog="python -m parley.core.embedded", description=__doc__)
    parser.add_argument("command", choices=["start", "stop", "urls", "keep"])
    parser.add_argument("--data", type=Path, required=True, help="the server's folder")
    parser.add_argument("--bin", type=Path, help="bin folder of another PostgreSQL")
    parser.add_argument("--fast", action="store_true", help="for tests: do not survive a power cut")
    asked = parser.parse_args()
    server = EmbeddedPostgres(asked.data, asked.bin, durable=not asked.fast)
    if asked.command == "keep":
        return keep(server.places, asked.bin, durable=not asked.fast)
    try:
        if asked.command == "stop":
            server.end()
        elif asked.command == "start":
            server.start(progress=lambda step: print(step, file=sys.stderr))
            server.keep_running()
            server.stop()
    except EmbeddedPostgresError as error:
        print(error, file=sys.stderr)
        return 1
    if asked.command != "stop":
        for name, url in server.urls().items():
            print(f"{name}={url}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
