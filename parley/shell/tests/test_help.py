"""The docs are help pages: rendered, linked with each other, and found by the words in them."""

from __future__ import annotations

import re

from django.conf import settings
from django.test import Client

from parley.core.tenancy import acting_as
from parley.shell.help import find_doc, get_shelves, search_help
from parley.shell.search import search
from tests.support.cast import Cast


def test_every_doc_opens_for_everybody_and_its_links_lead_somewhere(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ben.identity)
    index = client.get("/help/").content.decode()
    anchors = {
        f"/help/{doc.slug}/": {section.anchor for section in doc.sections} for _, docs in get_shelves() for doc in docs
    }
    assert len(anchors) > 10
    for page in anchors:
        assert f'href="{page}"' in index
        answer = client.get(page)
        assert answer.status_code == 200
        body = answer.content.decode().split('class="doc"')[1].split("</main>")[0]
        for link in re.findall(r'<a href="([^"]*)"', body):
            if link.startswith(("https://", "http://", "mailto:")):
                continue
            target, _, anchor = link.partition("#")
            assert target in ("", *anchors), (page, link)
            if anchor and (target or page) in anchors:
                assert anchor in anchors[target or page], (page, link)


def test_an_unknown_doc_is_not_found(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ben.identity)
    assert client.get("/help/nothing-of-the-kind/").status_code == 404
    assert client.get("/help/../settings/").status_code == 404


def test_html_in_a_doc_is_shown_as_text() -> None:
    from parley.shell.help.docs import _render

    doc = _render(
        "x", "# T\n\n<script>alert(1)</script> [a](javascript:alert(1)) [b](../../parley/settings.py)\n\n## H\n\nw"
    )
    assert "<script" not in doc.html
    assert "href" not in doc.html
    assert [section.heading for section in doc.contents] == ["H"]


def test_sections_are_found_by_beginnings_stems_and_slips() -> None:
    for words in ("filler_count", "filler", "fill", "fillr", "FILLERS"):
        assert ("kpis", "filler_count") in [(hit.slug, hit.heading) for hit in search_help(words)], words
    assert search_help("dispute a criterion")[0].heading == "Dispute a criterion"
    assert search_help("xylophone") == []
    assert search_help("") == []
    for hit in search_help("patience", 50):
        doc = find_doc(hit.slug)
        assert doc is not None
        assert hit.anchor in {section.anchor for section in doc.sections}


def test_the_command_menu_finds_docs(cast: Cast) -> None:
    with acting_as(cast.ben.member):
        found = {group.heading: group.hits for group in search("talk ratio", cast.ben.member)}
    assert found["Help"][0].url == "/help/kpis/#talk_ratio"


def test_every_doc_of_the_help_page_exists() -> None:
    for _, docs in get_shelves():
        for doc in docs:
            assert doc.lead
            assert any(
                (settings.BASE_DIR / "docs" / room / f"{doc.slug}.md").is_file()
                for room in ("how-to", "reference", "explanation")
            )
