"""The command menu finds what one may see, with slips of the fingers forgiven, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from parley.core.tenancy import Member, acting_as
from parley.shell.search import search
from tests.support.cast import Cast
from tests.tenancy.attack.world import MARK, SAID, World, build_world


@pytest.fixture
def world(committed_cast: Cast) -> World:
    return build_world(committed_cast)


def found(member: Member, words: str, kind: str) -> set[str]:
    with acting_as(member), connection.cursor() as cursor:
        cursor.execute("select id from search_all(%s, 50) where kind = %s", [words, kind])
        return {str(row[0]) for row in cursor.fetchall()}


def test_calls_are_found_by_those_who_may_read_them_and_practice_by_its_rep_alone(world: World) -> None:
    title, rows = world.cast.scenario.title, world.rows["scenario_attempts"]
    label_of = {str(key["id"]): label for label, key in rows.items()}
    expected = {
        "ben": {"ben", "ben_practice"},
        "dan": {"dan", "dan_practice"},
        "ana": {"ben"},
        "omar": {"ben", "dan"},
        "hana": {"ben", "dan"},
        "carla": {"rival"},
    }
    for name, labels in expected.items():
        member = world.cast.people()[name].member
        seen: set[str] = set()
        for words in (title, "ben", "dan", "cleo", "ana"):
            seen |= {label_of[key] for key in found(member, words, "attempt")}
        assert seen == labels, name


def test_nothing_of_another_organisation_is_found_by_any_word(world: World) -> None:
    for name in ("ben", "ana", "omar", "hana"):
        member = world.cast.people()[name].member
        for kind, table in (("scenario", "scenarios"), ("track", "tracks"), ("person", "users")):
            theirs = str(world.rows[table]["rival"]["id"])
            for words in (MARK, "zz", "cleo", "carla", world.cast.foreign_scenario.title, "rival"):
                assert theirs not in found(member, words, kind), (name, words)
    carla = world.cast.carla.member
    assert found(carla, MARK, "track") == {str(world.rows["tracks"]["rival"]["id"])}
    assert str(world.rows["users"]["rival"]["id"]) in found(carla, "cleo", "person")


def test_what_was_said_on_a_call_is_never_found(world: World) -> None:
    for person in world.cast.people().values():
        for kind in ("scenario", "person", "track", "attempt"):
            assert found(person.member, SAID, kind) == set()


@pytest.mark.parametrize("claims", ["role", "org", "nobody"])
def test_claims_that_do_not_fit_find_nothing(world: World, claims: str) -> None:
    ben, carla = world.cast.ben.user, world.cast.carla.user
    forged = {
        "role": Member(ben.pk, ben.org_id, "admin"),
        "org": Member(ben.pk, carla.org_id, "trainee"),
        "nobody": Member(carla.org_id, ben.org_id, "admin"),
    }[claims]
    assert not any(found(forged, "ben", kind) for kind in ("scenario", "person", "track", "attempt"))


def test_beginnings_stems_accents_and_slips_find_the_same_scenario(cast: Cast) -> None:
    title = cast.scenario.title
    longest = max(title.replace("-", " ").split(), key=len)
    slip = longest[:3] + longest[4:]  # one letter left out
    for words in (title, title.upper(), longest[:4], slip, f"  {longest} ", longest.replace("o", "ö")):
        assert str(cast.scenario.pk) in found(cast.ben.member, words, "scenario"), words
    assert found(cast.ben.member, f"{longest} xylophone", "scenario") == set()


@pytest.mark.parametrize(
    "words", ["", " ", "'", "&|!():*", "\\", "%_", "a" * 400, "\x00", "' or 1=1 --", "日本", "🙂", "a:*b", "<->"]
)
def test_any_words_are_answered(cast: Cast, words: str) -> None:
    client = Client()
    client.force_login(cast.ben.identity)
    for more in ({}, {"part": ""}):
        assert client.get("/search/", {"q": words, **more}).status_code == 200


def test_pages_and_commands_go_by_role(cast: Cast) -> None:
    def titles(member: Member, words: str) -> list[str]:
        with acting_as(member):
            return [hit.title for group in search(words, member) for hit in group.hits]

    assert "Disputes" in titles(cast.ana.member, "disp")
    assert "Disputes" not in titles(cast.ben.member, "disp")
    assert titles(cast.ben.member, "dark")[-1:] == ["Dark theme"]
    assert "Start practice" in titles(cast.ben.member, "")


def test_options_are_what_a_screen_reader_expects(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ben.identity)
    html: Any = client.get("/search/", {"q": cast.scenario.title, "part": ""}).content.decode()
    assert 'role="option"' in html
    assert f'data-href="/scenarios/{cast.scenario.key}/"' in html
    assert "<html" not in html
