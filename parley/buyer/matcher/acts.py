"""What kind of thing a clause does, and how that bears on what it may mean."""

from __future__ import annotations

from collections.abc import Sequence

from parley.buyer.matcher.clauses import Clause
from parley.buyer.matcher.index import Hit, is_telling
from parley.buyer.matcher.words import FUNCTION_WORDS

OFFERS = frozenset(
    {"give", "get", "send", "show", "quote", "offer", "share", "walk", "explain", "email", "text", "put"}
)
"""What a rep does for the buyer, as against asking something of them."""
STATED = frozenset(
    {"yes", "no", "okay", "thanks", "empathy", "congratulations", "hold-on", "greeting", "apology", "identity"}
)
"""Small talk that is said, not asked."""
ASKED = frozenset({"good-time", "name", "questions", "how-are-you", "repeat"})
"""Small talk that is asked, not said."""
CLEAR_ONLY = frozenset(
    {
        "yes",
        "no",
        "okay",
        "thanks",
        "empathy",
        "congratulations",
        "hold-on",
        "greeting",
        "apology",
        "how-are-you",
        "repeat",
    }
    | {"more", "name", "can-you-hear", "questions", "goodbye", "good-time"}
)
"""Small talk that counts only when a clause says little else."""


def fits_act(hit: Hit, clause: Clause) -> float:
    """A question is rather about a topic, a statement rather a remark, a suggestion rather the goal."""
    asks = clause.asks and not clause.tag_question
    if hit.kind in ("topic", "cue"):
        if asks:
            return 1.0
        if _offers(clause.words):
            return 0.4
        if clause.tag_question or len(clause.words) <= 8:
            return 0.85
        return 0.58 if hit.cover >= 0.5 else 0.4
    if hit.kind == "remark":
        return 0.72 if asks else 1.0
    if hit.kind == "goal":
        return 1.1 if clause.proposes else 0.8
    if (hit.id in STATED and asks) or (hit.id in ASKED and not clause.asks):
        return 0.6
    if hit.id in CLEAR_ONLY and hit.cover < 0.6:
        return 0.7
    return 1.0


def _offers(words: Sequence[str]) -> bool:
    """The rep says what they will do: `I can give you a rate`, `let me send you the numbers`."""
    begin = frozenset(words[:6])
    speaks_of_self = bool(begin & {"i", "we"}) and bool(begin & {"can", "will", "could"})
    return (speaks_of_self or {"let", "me"} <= begin) and bool(begin & OFFERS)


def may_hold_two(clause: Clause) -> bool:
    """`Closing date and down payment` names two things; a short clause without a link does not."""
    inner = clause.words[3:]  # an `and` at the very beginning only ties the clause to what came before
    return len(clause.words) >= 16 or (len(clause.words) >= 5 and any(w in ("and", "or", "plus") for w in inner))


def is_firm(hit: Hit) -> bool:
    """An idea rests on two telling words, or on most of what was said, or fits well; a stray word is no answer."""
    telling = sum(is_telling(key, hit.kind) for key in hit.used)
    return hit.cover >= 0.45 or telling >= 2 or (telling == 1 and hit.score >= 0.62)


def states(clause: Clause) -> bool:
    """The clause says or suggests something, rather than asking."""
    return not clause.asks or clause.proposes or clause.tag_question


def stands_apart(hit: Hit) -> bool:
    """The second thing rests on telling words of its own."""
    return any(key not in FUNCTION_WORDS and not key.startswith("<") for key in hit.used)
