"""A program that uses an embedded server until it dies: `python -m tests.run.holder DIR`."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

from parley.core.embedded import EmbeddedPostgres

if __name__ == "__main__":
    # Whoever starts a program behind a `&` or `nohup` has it ignore these two.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    server = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
    server.start(progress=lambda step: print(step, flush=True))
    print("running", flush=True)
    while True:
        time.sleep(60)
