"""The rule-based feedback writer: what a coach would say, from nothing but the transcript, the KPIs and the scenario.

Every quote is a substring of the utterance it names. The wording varies with the call, by the seed frozen on the
attempt and the words that were said, so that the same call always reads the same and two calls rarely do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from parley.scoring.feedback.advice import advise
from parley.scoring.feedback.call import Call
from parley.scoring.feedback.moments import choose_moments
from parley.scoring.feedback.praise import next_step, strengths, summary

WRITER = "rules-2"


def write_feedback(
    transcript: Sequence[Mapping[str, Any]],
    kpis: Mapping[str, Any],
    breakdown: Mapping[str, Any],
    rubric: Mapping[str, Any],
    brief: Mapping[str, Any],
) -> dict[str, Any]:
    """Feedback as JSON: summary, quotes, strengths, try, next_step, writer.

    `quotes` holds two to four passages with utterance index, times in ms, quote and comment; fewer when less was said.
    `try` has what, say_instead and, where there is such a moment, the quote it improves on; null when all was earned.
    """
    return write(Call(transcript, kpis, breakdown, rubric, brief))


def write(call: Call) -> dict[str, Any]:
    """The same for a call whose `used` then names the sentences that were chosen."""
    tip = advise(call)
    moments = choose_moments(call, taken=tip.quote if tip else None)
    return {
        "summary": summary(call),
        "quotes": [moment.as_json() for moment in moments],
        "strengths": strengths(call),
        "try": None
        if tip is None
        else {
            "what": tip.what,
            "say_instead": tip.say_instead,
            **({"quote": tip.quote.as_json()} if tip.quote else {}),
        },
        "next_step": next_step(call),
        "writer": WRITER,
    }
