"""An organisation may keep the tone of its reps' words from being read at all."""

from __future__ import annotations

import pytest

from parley.accounts.models import Org
from parley.calls.models import Transcript
from parley.core.tenancy import acting_as_service
from parley.scoring.tests.calls import finished_call
from tests.support.cast import Cast


@pytest.mark.parametrize(("reads", "speakers"), [(True, {"rep", "buyer"}), (False, {"buyer"})])
def test_the_tone_of_a_reps_words_is_kept_only_where_it_may_be_read(
    cast: Cast, reads: bool, speakers: set[str]
) -> None:
    with acting_as_service("a test closes a call"):
        Org.objects.filter(pk=cast.ben.user.org_id).update(reads_emotion=reads, fillers=[{"say": "honestly"}])
        attempt = finished_call(cast, tone=0.5)
        said = Transcript.objects.get(attempt=attempt).transcript
        attempt.refresh_from_db()
    assert {u["speaker"] for u in said if "sentiment" in u} == speakers
    assert attempt.rubric["fillers"] == [{"say": "honestly"}], "its own list of fillers is frozen, too"
