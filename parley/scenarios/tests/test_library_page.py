"""The practice library shows every trade that the organisation has, mortgage first, and filters by it."""

from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse

from parley.accounts.models import Org
from parley.core.tenancy import acting_as_service
from parley.scenarios.actions import publish_file
from parley.scenarios.pack import find_scenario
from tests.support.cast import Cast


def _page(cast: Cast) -> str:
    client = Client()
    client.force_login(cast.ben.identity)
    return client.get(reverse("scenario-library")).content.decode()


def _publish(cast: Cast, *codes: str) -> None:
    with acting_as_service("A test publishes what an organisation gets."):
        org = Org.objects.get(pk=cast.ben.member.org_id)
        for code in codes:
            publish_file(org, find_scenario(code))


def test_with_one_trade_there_is_nothing_to_choose(cast: Cast) -> None:
    assert 'name="vertical"' not in _page(cast)


def test_each_trade_can_be_chosen_and_mortgage_comes_first(cast: Cast) -> None:
    _publish(cast, "T01", "H01", "S18")
    page = _page(cast)
    assert re.findall(r'name="vertical" value="(\w*)"', page) == ["", "mortgage", "healthcare", "technology"]
    assert re.findall(r'data-vertical="(\w+)"', page) == ["mortgage", "mortgage", "healthcare", "technology"]
