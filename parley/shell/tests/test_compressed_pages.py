"""Pages and assets travel compressed; what is streamed leaves at once."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import Client, RequestFactory

from parley.core.middleware import CompressedPages
from parley.shell.templatetags.assets import manifest


def _answer(answer: HttpResponseBase) -> HttpResponseBase:
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip, br"})
    response = CompressedPages(lambda _request: answer)(request)
    assert isinstance(response, HttpResponseBase)
    return response


def test_a_page_is_sent_gzipped() -> None:
    words = b"<p>How long have you been looking?</p>" * 50
    answer = _answer(HttpResponse(words))
    assert isinstance(answer, HttpResponse)
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < len(words) / 4
    assert gzip.decompress(answer.content) == words


def test_events_are_not_held_back() -> None:
    def events() -> Iterator[bytes]:
        yield b"data: {}\n\n" * 100

    assert not _answer(StreamingHttpResponse(events(), content_type="text/event-stream")).has_header("Content-Encoding")


def test_scripts_and_styles_are_sent_small_and_kept_for_ever() -> None:
    entry = manifest()["app.ts"]
    for file in (entry["file"], *entry["css"]):
        answer = Client().get(f"/static/dist/{file}", headers={"Accept-Encoding": "gzip, br"})
        assert answer["Content-Encoding"] == "br", file
        assert "immutable" in answer["Cache-Control"], file
