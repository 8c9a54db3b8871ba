"""Deliveries are written with what caused them, and forget words when the organisation does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from parley.core.tenancy import acting_as, acting_as_service
from parley.integrations.actions import enqueue_webhook, forget_old_payloads
from parley.integrations.models import Webhook, WebhookDelivery
from tests.support.cast import Cast

PAYLOAD = {"attempt": {"score": 87, "recording_url": "/storage/x", "quotes": [{"quote": "What matters to you?"}]}}


@pytest.fixture
def webhook(cast: Cast) -> Webhook:
    with acting_as(cast.omar.member):
        return Webhook.objects.create(
            org_id=cast.omar.user.org_id, url="https://hooks.example/a", events=["attempt.scored.low"]
        )


def test_a_delivery_commits_or_vanishes_with_its_cause(cast: Cast, webhook: Webhook) -> None:
    def fail_after_enqueueing() -> None:
        with transaction.atomic():
            assert enqueue_webhook("attempt.scored.low", PAYLOAD) == 1
            raise ZeroDivisionError

    with acting_as(cast.ben.member):
        with pytest.raises(ZeroDivisionError):
            fail_after_enqueueing()
        assert enqueue_webhook("user.added", PAYLOAD) == 0
    with acting_as(cast.omar.member):
        assert WebhookDelivery.objects.count() == 0


def test_it_carries_event_and_key_and_waits_for_its_turn(cast: Cast, webhook: Webhook) -> None:
    with acting_as(cast.ben.member):
        enqueue_webhook("attempt.scored.low", PAYLOAD)
    with acting_as(cast.omar.member):
        row = WebhookDelivery.objects.get()
    assert row.payload["event"] == "attempt.scored.low"
    assert row.payload["idempotency_key"] == str(row.idempotency_key)
    assert (row.status, row.tries, row.webhook_id) == ("pending", 0, webhook.pk)


def test_nobody_speaks_for_another_organisation(cast: Cast, webhook: Webhook) -> None:
    foreign = {"org": {"id": cast.omar.user.org_id}}
    with pytest.raises(DatabaseError, match="speaks for"), acting_as(cast.carla.member):
        enqueue_webhook("attempt.scored.low", foreign)
    with acting_as_service("a test speaks for the installation"):
        assert enqueue_webhook("attempt.scored.low", foreign) == 1


def test_a_disabled_webhook_hears_nothing(cast: Cast, webhook: Webhook) -> None:
    with acting_as(cast.omar.member):
        Webhook.objects.update(enabled=False)
        assert enqueue_webhook("attempt.scored.low", PAYLOAD) == 0


def test_old_payloads_keep_numbers_only(cast: Cast, webhook: Webhook) -> None:
    with acting_as(cast.ben.member):
        enqueue_webhook("attempt.scored.low", PAYLOAD)
    with acting_as_service("a test ages a delivery"):
        assert forget_old_payloads() == 0
        WebhookDelivery.objects.update(created_at=timezone.now() - timedelta(days=400))
        assert forget_old_payloads() == 1
        assert forget_old_payloads() == 0
        payload = WebhookDelivery.objects.get().payload
    assert payload["attempt"] == {"score": 87, "quotes": [{"quote": ""}]}
