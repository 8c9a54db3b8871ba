"""The manners of a conversation: when a turn is over, and who has the floor. Plain rules, no audio."""

from __future__ import annotations

import re

TAKES_THE_FLOOR_S = 0.6
"""Speech over the buyer that lasts this long stops the buyer; a shorter one is judged by its words."""
NEARLY_DONE_S = 0.7
"""The buyer is this close to the end: what the rep says now is the answer, not an interruption."""
LONGEST_PAUSE_S = 1.2
SHORTEST_PAUSE_S = 0.45
COMPLETE = 0.5


def words_of(text: str) -> list[str]:
    """Lower-case words without punctuation; `mm-hm` is one word."""
    return [w for w in re.sub(r"[^\w\s']", "", text.lower()).split() if w]


BACK_CHANNELS = frozenset(
    words_of(
        "yeah yes yep yup ok okay right sure mm mhm mmhm mmhmm hm hmm huh uh uhhuh um ah oh i see got it alright great "
        "exactly absolutely understood of course fine good cool wow really gotcha true indeed makes sense that"
    )
)
STOPPERS = frozenset(words_of("wait stop no sorry hold actually but excuse listen pause hang"))
OPENERS = frozenset(words_of("um uh uhm er hm so well hi hello hey okay and but like now"))
HANGING = frozenset(
    words_of(
        "and but so because or if when which with for of to the a an my your our is are was um uh like then than "
        "as from about at in on into we i you they he she it's i'm we're you're would could can will"
    )
)


def is_back_channel(text: str) -> bool:
    """Whether words said over the buyer only show that the rep listens: one or two of any kind, three such as `yeah`.

    Recognition of a single mumbled word is poor, so its sound is not held against it; but `wait`, `no` or `sorry` take
    the floor however short they are.
    """
    words = words_of(text)
    if any(word in STOPPERS for word in words):
        return False
    return len(words) <= 2 or (len(words) == 3 and all(word in BACK_CHANNELS for word in words))


def pause_before_reply(text: str, complete: float) -> float:
    """Seconds of silence after which the buyer may answer; `complete` is Smart Turn's probability.

    Zero: answer at once. A question asked is a turn handed over, whatever its melody; a hanging `and …`, a sentence
    that ends in a comma and a lone `um` or `hi` are not. One or two words get a moment: more often follows.
    """
    words = words_of(text)
    if not words:
        return LONGEST_PAUSE_S
    if (words[-1] in HANGING and not text.rstrip().endswith(("?", "!"))) or text.rstrip().endswith(
        (",", "-", "…", "...")
    ):
        return LONGEST_PAUSE_S
    if all(word in OPENERS for word in words):
        return LONGEST_PAUSE_S
    if text.rstrip().endswith("?"):
        return 0.0
    if complete >= COMPLETE:
        return SHORTEST_PAUSE_S if len(words) <= 2 else 0.0
    return SHORTEST_PAUSE_S + (LONGEST_PAUSE_S - SHORTEST_PAUSE_S) * (1 - complete / COMPLETE)


def words_heard(text: str, share: float) -> str:
    """The words of `text` that were complete after `share` (0..1) of its sound, by their length in letters."""
    if share >= 1:
        return text
    words = text.split()
    total = sum(len(w) + 1 for w in words)
    heard, so_far = [], 0
    for word in words:
        so_far += len(word) + 1
        if so_far > share * total + 0.5:
            break
        heard.append(word)
    return " ".join(heard)
