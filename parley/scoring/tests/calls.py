"""A whole typed-in call at the first scenario, for tests of score, feedback and review."""

from __future__ import annotations

from typing import Any

from parley.calls.actions import start_attempt
from parley.calls.closing import close_call
from parley.calls.models import Attempt
from parley.core.tenancy import acting_as
from parley.scoring.tests.conftest import said
from parley.voice.contracts import CallRecord, Utterance
from tests.support.cast import Cast

GOOD: list[tuple[Any, ...]] = [
    ("r", 0, 6, ("Hi Marcus, um, this is Ben Hart with Summit Home Loans. "
     "My NMLS number is 445566, and this call is recorded.")),
    ("b", 6.8, 10, "Hi, this is Marcus Bell. I'm calling around for a rate on a house.", "opening"),
    ("r", 11, 16, "Happy to help. Is it okay if I ask you a few questions first so the number is real?"),
    ("b", 16.5, 20, "Look, can you just give me your rate? I don't want to tell my life story first.",
     "objection:just-the-rate"),
    ("r", 20.8, 26, "Fair question, you want a straight number. What would you compare it with?"),
    ("b", 26.5, 29, "I'd put it next to the other four. I keep a spreadsheet."),
    ("r", 30, 38, ("Makes sense. With twenty percent down we're at 6.375% today, APR of 6.52, no points, "
     "forty-five day lock. Does that help?")),
    ("b", 38.6, 41, "Okay. That's a straight answer, thank you.", "resolved:just-the-rate"),
    ("r", 42, 46, "How long do you plan to stay in the home?"),
    ("b", 46.5, 50, "About four years, then the kids change schools anyway.", "topic:horizon"),
    ("r", 50.9, 54, "And what worries you most about this purchase?"),
    ("b", 54.8, 64, "Honestly? In twenty twenty-one our lender changed the rate at the closing table.", "motive"),
    ("r", 64.9, 74, ("I'm sorry, that's rough. "
     "I can't promise a rate before it's locked; rates can change until locked.")),
    ("b", 74.5, 76, "Right."),
    ("r", 76.2, 84, "Let's start the application tomorrow at ten and go over both quotes. Does that work?"),
    ("b", 84.8, 88, "Okay. Let's do that. I'll forward the other quote.", "goal:application_started"),
]  # fmt: skip


def finished_call(
    cast: Cast, turns: list[tuple[Any, ...]] | None = None, *, mode: str = "practice", tone: float | None = None
) -> Attempt:
    """Ben's call, closed with these turns and not yet scored."""
    with acting_as(cast.ben.member):
        attempt, _ = start_attempt(cast.scenario, by=cast.ben.member, consent_text="yes", mode=mode, seed=7)
    utterances = [Utterance.model_validate(u | {"sentiment": tone}) for u in said(*(GOOD if turns is None else turns))]
    record = CallRecord(
        attempt_id=attempt.pk,
        started_at=attempt.created_at,
        ended_at=attempt.created_at,
        duration_s=max((u.end for u in utterances), default=0.0),
        end_reason="goal",
        utterances=utterances,
    )
    assert close_call(attempt.pk, lambda _attempt: record)
    return attempt
