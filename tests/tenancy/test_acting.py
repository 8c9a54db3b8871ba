"""acting_as gives exactly the member's view and always gives back what was before."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from parley.accounts.models import Org, User
from parley.calls.models import Attempt
from parley.core.tenancy import acting_as, acting_as_service, current_claims
from tests.support.cast import Cast


def test_without_acting_nothing_is_readable(cast: Cast) -> None:
    for model in (Org, User, Attempt):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            model.objects.count()


def test_a_member_sees_their_organisation_alone(cast: Cast) -> None:
    with acting_as(cast.ben.member):
        assert set(Org.objects.values_list("slug", flat=True)) == {"summit"}
        assert "carla@rival.test" not in set(User.objects.values_list("email", flat=True))
        assert User.objects.filter(email="ana@summit.test").exists()


def test_nesting_restores_the_outer_member(cast: Cast) -> None:
    with acting_as(cast.ben.member):
        with acting_as(cast.carla.member):
            assert set(Org.objects.values_list("slug", flat=True)) == {"rival"}
        assert set(Org.objects.values_list("slug", flat=True)) == {"summit"}
        with acting_as_service("a test looks at everything"):
            assert Org.objects.count() == 2
        assert current_claims()["role"] == "parley_authenticated"
        assert set(Org.objects.values_list("slug", flat=True)) == {"summit"}


def test_an_error_inside_restores_the_outer_member_too(cast: Cast) -> None:
    with acting_as(cast.ben.member):
        with (
            pytest.raises(DatabaseError),
            acting_as_service("a test breaks a statement"),
            connection.cursor() as cursor,
        ):
            cursor.execute("select 1/0")
        assert set(Org.objects.values_list("slug", flat=True)) == {"summit"}


def test_after_the_block_nobody_acts(cast: Cast) -> None:
    with acting_as(cast.ben.member):
        pass
    assert current_claims() == {
        "role": "none",
        "jwt.claims.org_id": "",
        "jwt.claims.user_id": "",
        "jwt.claims.role": "",
        "parley.service_reason": "",
    }
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Org.objects.count()


def test_service_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="reason"), acting_as_service(" "):
        pass


def test_a_rep_cannot_promote_themselves(cast: Cast) -> None:
    with acting_as(cast.ben.member):
        assert User.objects.filter(pk=cast.ben.user.pk).update(title="Senior loan officer") == 1
        with pytest.raises(DatabaseError), transaction.atomic():
            User.objects.filter(pk=cast.ben.user.pk).update(role="admin")
        assert User.objects.filter(pk=cast.ana.user.pk).update(title="Gone") == 0


def test_an_admin_cannot_reach_into_another_organisation(cast: Cast) -> None:
    with acting_as(cast.carla.member):
        assert User.objects.filter(pk=cast.ben.user.pk).update(role="hr") == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            User.objects.create(org_id=cast.ben.user.org_id, email="spy@rival.test", role="trainee")
