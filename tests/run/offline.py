"""Hold one spoken call with a `bin/up` of its own, and print its JSON: `python -m tests.run.offline FOLDER a.wav …`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.run.up import PROJECT, Up

if __name__ == "__main__":
    folder, *recordings = sys.argv[1:]
    parley = Up(Path(folder))
    try:
        parley.until_ready()
        words = [str(PROJECT / "bin" / "parley"), "call", "s01-inbound-rate-shopper", "--json"]
        words += ["--server", f"http://127.0.0.1:{parley.port}"]
        for recording in recordings:
            words += ["--audio", recording]
        subprocess.run(words, check=True)
    finally:
        parley.end()
