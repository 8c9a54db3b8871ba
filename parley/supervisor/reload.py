"""Notice that a source file changed, for `bin/up --dev`."""

from __future__ import annotations

import time
from pathlib import Path

SUFFIXES = {".py", ".yaml", ".yml", ".sql"}
LOOK_EVERY_S = 1.0


class SourceWatch:
    """The times of all source files under a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen = self._times()
        self._looked = time.monotonic()

    def changed_file(self) -> Path | None:
        """Return a file that is new, changed or gone since the last look, at most once a second."""
        if time.monotonic() - self._looked < LOOK_EVERY_S:
            return None
        now = self._times()
        changed = next((file for file, _ in now.items() ^ self._seen.items()), None)
        self._seen, self._looked = now, time.monotonic()
        return changed

    def _times(self) -> dict[Path, float]:
        found = {}
        for file in self.folder.rglob("*"):
            if file.suffix in SUFFIXES:
                try:
                    found[file] = file.stat().st_mtime
                except FileNotFoundError:
                    continue
        return found
