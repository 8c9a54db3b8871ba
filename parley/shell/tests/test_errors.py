"""What went wrong is said in plain words with a way out, even when nothing else can be relied on."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from django.test import Client, override_settings

from parley.core import maintenance
from parley.shell import views
from parley.shell.templatetags import assets
from tests.support.cast import Cast


def _client(cast: Cast, name: str = "ben", **options: bool) -> Client:
    client = Client(**options)  # type: ignore[arg-type]
    client.force_login(cast.people()[name].identity)
    return client


def test_a_member_keeps_the_sidebar_when_there_is_nothing(cast: Cast) -> None:
    answer = _client(cast).get("/no-such-page/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "There is nothing here" in page
    assert 'aria-label="Sidebar"' in page
    assert 'href="/dashboard/"' in page


def test_a_stranger_gets_a_page_that_asks_nobody(db: None) -> None:
    answer = Client().get("/accounts/no-such-page/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "Go to the start page" in page
    assert 'aria-label="Sidebar"' not in page


def test_whoever_may_not_is_told_and_led_back(cast: Cast) -> None:
    answer = _client(cast).get("/admin/design-system", headers={"Referer": "http://testserver/scenarios/"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "You may not open this page" in page
    assert 'href="http://testserver/scenarios/"' in page


def test_the_way_back_never_leads_to_another_host(cast: Cast) -> None:
    page = _client(cast).get("/no-such-page/", headers={"Referer": "https://evil.test/x"}).content.decode()
    assert "evil.test" not in page
    assert "Back to where you were" not in page


def test_an_address_that_takes_forms_says_so(cast: Cast) -> None:
    answer = _client(cast).get("/preferences/sidebar/")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "only takes forms" in answer.content.decode()


def test_a_form_without_its_token_changes_nothing_and_says_why(cast: Cast) -> None:
    answer = _client(cast, enforce_csrf_checks=True).post("/preferences/sidebar/", {"width": "narrow"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "This form is no longer valid" in page
    assert "Nothing was changed" in page
    assert "sidebar" not in answer.cookies


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000)
def test_too_much_is_refused_in_words(cast: Cast) -> None:
    answer = _client(cast).post("/preferences/sidebar/", {"width": "x" * 2000})
    assert answer.status_code == 413
    assert "too large to send" in answer.content.decode()


def test_what_cannot_be_read_is_refused_in_words(cast: Cast) -> None:
    body = "&".join(f"a{i}=1" for i in range(1001))
    form = "application/x-www-form-urlencoded"
    answer = _client(cast).generic("POST", "/preferences/sidebar/", body, content_type=form)
    assert answer.status_code == 400
    assert "could not be read" in answer.content.decode()


def test_a_failure_has_a_reference_that_stands_in_the_log(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("a secret of the inside")

    monkeypatch.setattr(views, "search", fail)
    with caplog.at_level(logging.ERROR, logger="parley.shell.errors"):
        answer = _client(cast, raise_request_exception=False).get("/search/?q=rate")
    page = answer.content.decode()
    assert answer.status_code == 500
    found = re.search(r"<code>([0-9a-f]{8})</code>", page)
    assert found, page
    (line,) = [record for record in caplog.records if record.name == "parley.shell.errors"]
    assert f"reference={found[1]}" in line.getMessage()
    assert line.exc_info
    assert line.exc_info[0] is ZeroDivisionError
    assert "secret" not in page
    assert 'href="/search/?q=rate"' in page
    assert "style=" not in page


def test_a_failure_needs_no_database_and_no_build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Tests that do not ask for the database are kept from it: a session cannot be read, and the page stands."""
    monkeypatch.setattr(assets, "DIST", tmp_path)
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32
    answer = client.get("/dashboard/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Something went wrong on our side" in page
    assert "plain.css" in page
    assert "Content-Security-Policy" in answer.headers


def test_below_api_problems_are_json(cast: Cast) -> None:
    client = _client(cast)
    for path, status, code in (("/api/none/", 404, "not_found"), ("/api/calls/start", 405, "method_not_allowed")):
        answer = client.get(path)
        assert answer.status_code == status
        assert answer.json()["error"]["code"] == code
        assert answer.json()["error"]["message"]


def test_maintenance_closes_everything_before_the_database_is_asked(tmp_path: Path) -> None:
    client = Client()
    with override_settings(DATA_DIR=tmp_path):
        maintenance.switch_on(tmp_path, maintenance.Maintenance("14:30 UTC", "We move to a larger machine."))
        answer = client.get("/dashboard/")
        page = answer.content.decode()
        assert answer.status_code == 503
        assert answer["Retry-After"] == "120"
        assert "back at 14:30 UTC" in page
        assert "We move to a larger machine." in page
        assert client.post("/api/calls/start").json()["error"]["code"] == "maintenance"
        assert client.get("/static/plain.css").status_code == 200
        assert maintenance.switch_off(tmp_path)
        assert maintenance.current() is None
        assert not maintenance.switch_off(tmp_path)


@override_settings(MAINTENANCE=True)
def test_the_environment_closes_it_too(tmp_path: Path) -> None:
    with override_settings(DATA_DIR=tmp_path):
        assert Client().get("/").status_code == 503


def test_a_file_that_cannot_be_read_still_closes(tmp_path: Path) -> None:
    (tmp_path / maintenance.FILE).write_text("half a")
    with override_settings(DATA_DIR=tmp_path):
        assert maintenance.current() == maintenance.Maintenance()


def test_the_offline_page_and_all_that_it_needs_can_be_kept(db: None) -> None:
    client = Client()
    script = client.get("/service-worker.js")
    assert script["Content-Type"] == "text/javascript"
    kept = re.search(r"const PAGES = (\[.*?\]);", script.content.decode())
    assert kept
    for url in re.findall(r'"([^"]+)"', kept[1]):
        assert client.get(url).status_code == 200, url
    assert "You are offline" in client.get("/offline/").content.decode()
