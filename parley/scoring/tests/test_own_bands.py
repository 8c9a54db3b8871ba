"""An organisation's own bands count in calls from now on, where the rubric asks for them, and change no history."""

from __future__ import annotations

from django.test import Client
from django.utils import timezone

from parley.accounts.models import Org
from parley.core.tenancy import acting_as
from parley.scenarios.queries import rubric_to_freeze
from parley.scenarios.rubric import load_rubric
from parley.scoring.tiles import tiles_of
from tests.support.cast import Cast

PACE = {
    "words_per_minute_fair_from": "90", "words_per_minute_good_from": "100", "words_per_minute_good_to": "120",
    "words_per_minute_fair_to": "140",
}  # fmt: skip
PATH = "/admin/organisation/bands/"


def _client(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.omar.identity)
    return client


def test_own_bands_are_frozen_where_the_rubric_asks_for_them(cast: Cast) -> None:
    with acting_as(cast.omar.member):
        before = rubric_to_freeze(cast.scenario, timezone.localdate())
    assert _client(cast).post(PATH, PACE).status_code == 302
    with acting_as(cast.omar.member):
        frozen = rubric_to_freeze(cast.scenario, timezone.localdate())
    load_rubric(frozen)

    def parts(rubric: dict[str, object]) -> dict[str, object]:
        delivery = next(c for c in rubric["criteria"] if c["id"] == "delivery")  # type: ignore[attr-defined]
        return {part["measure"]: part["bands"] for part in delivery["parts"]}

    pace = [{"from": 90.0, "share": 0.0}, {"from": 100.0, "to": 120.0, "share": 1.0}, {"from": 140.0, "share": 0.0}]
    assert parts(frozen) == {**parts(before), "words_per_minute": pace}
    assert parts(before)["words_per_minute"] != pace
    tile = {tile.measure: tile for tile in tiles_of({"words_per_minute": 110}, frozen["kpi_bands"])}
    assert (tile["words_per_minute"].verdict, tile["words_per_minute"].target) == ("good", "100–120")
    assert tiles_of({"words_per_minute": 110})[1].verdict == "poor"


def test_bands_that_cannot_be_are_named_and_kept_in_the_form(cast: Cast) -> None:
    client = _client(cast)
    for change, words in (
        ({"words_per_minute_good_to": ""}, "fill in all four"),
        ({"words_per_minute_good_to": "95"}, "90, 100, 95, 140 do not rise"),
        ({"words_per_minute_fair_to": "9000"}, "300"),
    ):
        answer = client.post(PATH, {**PACE, **change})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert 'value="100"' in answer.content.decode()
    with acting_as(cast.omar.member):
        assert Org.objects.get().kpi_bands == {}


def test_shares_are_written_as_percent_and_emptied_bands_are_parleys_again(cast: Cast) -> None:
    client = _client(cast)
    talk = {f"talk_ratio_{edge}": value for edge, value in
            (("fair_from", "30"), ("good_from", "35"), ("good_to", "50"), ("fair_to", "60"))}  # fmt: skip
    client.post(PATH, talk)
    with acting_as(cast.omar.member):
        assert Org.objects.get().kpi_bands == {"talk_ratio": {"good": [0.35, 0.5], "fair": [0.3, 0.6]}}
    assert 'value="35"' in client.get("/admin/organisation/").content.decode()
    client.post(PATH, {})
    with acting_as(cast.omar.member):
        assert Org.objects.get().kpi_bands == {}
