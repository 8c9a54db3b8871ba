"""The design system shows every component, to admins, and each says what it is."""

from __future__ import annotations

import re

from django.template.loader import get_template
from django.test import Client

from parley.shell import design
from tests.support.cast import Cast

SHOWN_BY_OTHERS = {
    "accordion_item", "tab_panel", "menu_item", "menubar_menu", "navigation_panel", "field", "form_field", "table",
    "skeleton", "face", "score_pill", "page_header",
}  # fmt: skip
"""Parts that are seen within the example of another."""
OF_ONE_PAGE = {"difficulty", "evidence", "command_menu", "filter_fold"}
"""Components of the scenario library, the review, the bar of every page and the lists of calls, which show them."""


def _components() -> set[str]:
    return {path.stem for path in design.COMPONENTS.glob("*.html")}


def test_every_component_is_shown() -> None:
    shown = {name for _, names in design.GROUPS for name in names}
    missing = _components() - shown - SHOWN_BY_OTHERS - OF_ONE_PAGE
    assert not missing, f"Add shell/templates/shell/design/NAME.html and a word in shell/design.py for {missing}."
    assert shown <= _components()


def test_every_component_says_what_it_is_and_takes() -> None:
    silent = [name for name in sorted(_components()) if len(design.about(name)) < 20]
    assert not silent, f"Begin each with {{% comment %}}: what it is, then its attributes: {silent}"


def test_no_template_carries_a_style_or_a_handler() -> None:
    """The Content-Security-Policy would drop them without a word."""
    root = design.HERE.parent
    carries = re.compile(
        r"""\sstyle=["']|\son[a-z]+=["']|<style\b|<script(?![^>]*\b(?:src|nonce|type="application/))"""
    )
    guilty = [
        f"{path.relative_to(root)}:{number}"
        for path in sorted(root.rglob("templates/**/*.html"))
        if "emails" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if carries.search(line)
    ]
    assert not guilty, f"Use a class, an SVG attribute, <progress> or an island instead: {guilty}"


def test_an_admin_sees_all_of_them_live(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.omar.identity)
    page = client.get("/admin/design-system").content.decode()
    assert "<c-" not in re.sub(r"<pre.*?</pre>", "", page, flags=re.DOTALL), "a component reached the page unrendered"
    for _, examples in design.examples():
        for example in examples:
            assert f'id="{example.slug}"' in page


def test_nobody_else_does(cast: Cast) -> None:
    for person in (cast.ben, cast.ana, cast.hana):
        client = Client()
        client.force_login(person.identity)
        assert client.get("/admin/design-system").status_code == 403


def test_ids_are_unique(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.omar.identity)
    ids = re.findall(r'\sid="([^"]+)"', client.get("/admin/design-system").content.decode())
    assert sorted(one for one in set(ids) if ids.count(one) > 1) == []


def test_every_example_is_a_template() -> None:
    for _, examples in design.examples():
        for example in examples:
            assert get_template(example.template)
