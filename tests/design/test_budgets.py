"""A page stays small: what it loads at most, gzipped, counted from the build's own manifest."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from parley.shell.templatetags.assets import DIST, manifest

KB = 1000
SCRIPTS = {
    # What a page of the kind loads beside app.ts: the islands that its templates hold.
    "dashboards": (120 * KB, ("islands/data-chart/index.ts",)),
    "player": (200 * KB, ("islands/call-player/index.ts",)),
    "review": (120 * KB, ("islands/call-review/index.ts", "islands/feedback-stream/index.ts")),
    "public pages": (60 * KB, ("islands/pixel-background/index.ts",)),
}
STYLES = 60 * KB


def _gzipped(file: str) -> int:
    return len(gzip.compress((Path(DIST) / file).read_bytes(), compresslevel=9))


def _with_imports(name: str, entries: dict[str, Any], seen: set[str]) -> set[str]:
    """The files of an entry and of all it imports at once."""
    entry = entries[name]
    if entry["file"] in seen:
        return seen
    seen.add(entry["file"])
    for other in entry.get("imports", []):
        _with_imports(other, entries, seen)
    return seen


@pytest.mark.parametrize("kind", SCRIPTS)
def test_the_scripts_of_a_page_keep_within_its_budget(kind: str) -> None:
    budget, islands = SCRIPTS[kind]
    entries = manifest()
    files: set[str] = set()
    for name in ("app.ts", *islands):
        _with_imports(name, entries, files)
    weights = {file: _gzipped(file) for file in files}
    assert sum(weights.values()) <= budget, f"{kind}: {sum(weights.values())} bytes of {budget}: {weights}"


def test_the_stylesheet_keeps_within_its_budget() -> None:
    styles = {file for entry in manifest().values() for file in entry.get("css", [])}
    assert styles, "the build made no stylesheet"
    assert sum(map(_gzipped, styles)) <= STYLES
