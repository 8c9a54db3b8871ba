"""Tags for the built front end: `{% asset "app.ts" %}` and `{% icon "mic" %}`."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

DIST = Path(settings.BASE_DIR) / "parley" / "static" / "dist"
ICONS = Path(__file__).resolve().parent.parent / "icons"


class AssetsMissing(RuntimeError):
    """The front end was not built, or has no such entry."""


@lru_cache(maxsize=4)
def _read_manifest(path: Path, changed_ns: int) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(path.read_text())
    return manifest


def manifest() -> dict[str, Any]:
    """What the last build made: source name to file, stylesheets and imports."""
    path = DIST / ".vite" / "manifest.json"
    try:
        changed_ns = path.stat().st_mtime_ns
    except FileNotFoundError:
        raise AssetsMissing(f"{path} does not exist. Build the front end: npm ci && npm run build.") from None
    return _read_manifest(path, changed_ns)


def _entry(name: str) -> dict[str, Any]:
    entries = manifest()
    if name not in entries:
        raise AssetsMissing(f"The front end has no entry {name!r}. Entries: {', '.join(sorted(entries))}.")
    entry: dict[str, Any] = entries[name]
    return entry


@register.simple_tag
def asset(name: str) -> SafeString:
    """Link and script tags for one entry of the front end, with its stylesheets and preloaded imports."""
    entry = _entry(name)
    imports = [_entry(key)["file"] for key in entry.get("imports", [])]
    styles = format_html_join(
        "", '<link rel="stylesheet" href="{}">', ((static(f"dist/{f}"),) for f in entry.get("css", []))
    )
    ahead = format_html_join("", '<link rel="modulepreload" href="{}">', ((static(f"dist/{f}"),) for f in imports))
    script = format_html('<script type="module" src="{}"></script>', static(f"dist/{entry['file']}"))
    return SafeString(styles + ahead + script)


@register.simple_tag
def stylesheet(name: str) -> SafeString:
    """The stylesheets of one entry alone; without a build, a plain one that is always there."""
    try:
        files = [f"dist/{file}" for file in _entry(name).get("css", [])]
    except (AssetsMissing, OSError, ValueError):
        files = ["plain.css"]
    return format_html_join("", '<link rel="stylesheet" href="{}">', ((static(file),) for file in files))


@lru_cache(maxsize=256)
def _icon(name: str, classes: str) -> SafeString:
    if not re.fullmatch(r"[a-z0-9-]+", name):
        raise ValueError(f"{name!r} is not the name of an icon.")
    path = ICONS / f"{name}.svg"
    if not path.is_file():
        raise ValueError(f"There is no icon {name!r}; copy it to parley/shell/icons/ (see its README).")
    body = re.sub(r"<!--.*?-->\s*", "", path.read_text(), flags=re.DOTALL).strip()
    body = re.sub(r'\s+class="[^"]*"', "", body, count=1)
    opening = format_html('<svg class="{}" aria-hidden="true" focusable="false"', f"icon {classes}".strip())
    # The files are ours: nothing in them comes from a person.
    return SafeString(re.sub(r"\s*\n\s*", " ", body).replace("<svg", opening, 1))


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """One icon, inline and hidden from screen readers: the text beside it says what it means."""
    return _icon(name, classes)
