"""Pages name the files of the last build, and icons are drawn into the page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.template import Context, Template

from parley.shell.templatetags import assets

MANIFEST = {
    "app.ts": {"file": "assets/app-1.js", "css": ["assets/app-2.css"], "imports": ["_shared.js"], "isEntry": True},
    "_shared.js": {"file": "assets/shared-3.js"},
}


@pytest.fixture
def dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in the place of the build."""
    monkeypatch.setattr(assets, "DIST", tmp_path)
    return tmp_path


def build(dist: Path, manifest: dict[str, object]) -> None:
    (dist / ".vite").mkdir(exist_ok=True)
    (dist / ".vite" / "manifest.json").write_text(json.dumps(manifest))


def test_an_entry_brings_its_styles_and_imports(dist: Path) -> None:
    build(dist, MANIFEST)
    html = Template('{% load assets %}{% asset "app.ts" %}').render(Context())
    assert html == (
        '<link rel="stylesheet" href="/static/dist/assets/app-2.css">'
        '<link rel="modulepreload" href="/static/dist/assets/shared-3.js">'
        '<script type="module" src="/static/dist/assets/app-1.js"></script>'
    )


def test_a_missing_build_says_how_to_make_it(dist: Path) -> None:
    with pytest.raises(assets.AssetsMissing, match="npm ci && npm run build"):
        assets.asset("app.ts")


def test_an_unknown_entry_lists_those_that_are(dist: Path) -> None:
    build(dist, MANIFEST)
    with pytest.raises(assets.AssetsMissing, match=r"no entry 'islands.ts'.*app.ts"):
        assets.asset("islands.ts")


def test_an_icon_is_drawn_inline_and_hidden_from_screen_readers() -> None:
    html = Template('{% load assets %}{% icon "mic" "size-5" %}').render(Context())
    assert html.startswith('<svg class="icon size-5" aria-hidden="true" focusable="false"')
    assert "<!--" not in html
    assert "lucide" not in html


@pytest.mark.parametrize("name", ["no-such-icon", "../icons/mic", "Mic"])
def test_an_unknown_icon_is_our_mistake(name: str) -> None:
    with pytest.raises(ValueError, match="icon"):
        assets.icon(name)


def test_every_icon_that_a_template_names_exists() -> None:
    project = assets.ICONS.parents[2]
    named = {
        tag or attribute
        for template in project.glob("parley/**/*.html")
        for tag, attribute in re.findall(r'\{% icon "([a-z0-9-]+)"| icon="([a-z0-9-]+)"', template.read_text())
    }
    missing = [name for name in sorted(named) if not (assets.ICONS / f"{name}.svg").is_file()]
    assert not missing, f"Copy from node_modules/lucide-static/icons to parley/shell/icons: {missing}"
    assert len(named) > 20
