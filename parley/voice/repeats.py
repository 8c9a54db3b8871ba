"""What a looping decoder wrote more often than it was said.

A decoder that has come to the end of the speech sometimes begins again, from the start or from the middle. Three things
tell its repeats from a person's: they are not heard again at another speed, they have no sound of their own, and they
come faster than anybody talks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

WORDS_PER_S_AT_MOST = 6.5
WORDS_PER_S_WHEN_REPEATING = 3.6
SHORTEST_PAIR_S = 0.05
"""Two words at the end that last no longer have no sound of their own."""
BEGUN_AGAIN_WORDS = 4
"""So many words in the same order, said twice in one breath with others between, are a decoder's second beginning."""


def repeats_itself(text: str) -> bool:
    """Whether two words or more come twice in a row, one comes three times, or four come again later."""
    keys = keys_of(text.split())
    for at in range(len(keys)):
        for size in range(1, (len(keys) - at) // 2 + 1):
            twice = keys[at : at + size] == keys[at + size : at + 2 * size]
            if twice and (size > 1 or keys[at : at + 1] == keys[at + 2 : at + 3]):
                return True
    runs = [tuple(keys[at : at + BEGUN_AGAIN_WORDS]) for at in range(len(keys) - BEGUN_AGAIN_WORDS + 1)]
    return len(set(runs)) < len(runs)


def keys_of(words: Sequence[str]) -> list[str]:
    """Words without case and stops."""
    return [re.sub(r"\W", "", w).lower() for w in words]


def collapse_repeats(text: str, seconds: float) -> str:
    """Cut a text in which the decoder looped, leaving it alone when it could have been said in `seconds` of sound.

    A person says a sentence twice now and then, at an ordinary pace; nobody says more than about six words a second.
    """
    words = text.split()
    keys = keys_of(words)
    if period := _loop_of(keys):
        return " ".join(words[:period])
    most = max(3, int(seconds * WORDS_PER_S_AT_MOST))
    too_many = len(words) > most
    too_fast = len(words) > max(4, seconds * WORDS_PER_S_WHEN_REPEATING)
    for size in range(len(words) // 2, 0, -1) if too_many or too_fast else ():
        if (size >= 3 or too_many) and keys[-size:] == keys[-2 * size : -size]:
            return collapse_repeats(" ".join(words[:-size]), seconds)
    for size in range(len(words) // 2, 1, -1) if too_fast else ():
        if keys[-size:] == keys[:size] and words[-size - 1].endswith((".", "?", "!")):
            return " ".join(words[:-size])  # it has begun again from the start
    if not too_many:
        return text
    for start in range(1, len(words)):
        for size in range(2, (len(words) - start) // 2 + 1):
            if keys[start : start + size] == keys[start + size : start + 2 * size]:
                return " ".join(words[: start + size])
    return " ".join(words[:most])


def without_second_beginning(text: str) -> str:
    """The text without an end of four words or more that only says its beginning again."""
    words = text.split()
    keys = keys_of(words)
    for size in range(len(words) // 2, BEGUN_AGAIN_WORDS - 1, -1):
        if keys[-size:] == keys[:size]:
            return " ".join(words[:-size])
    return text


def said_once(words: Sequence[tuple[str, float, float]]) -> int:
    """How many words to keep: repeats at the end that have no sound of their own are the decoder's."""
    keys = keys_of([w for w, _, _ in words])
    kept = len(words)
    while kept > 2 and _lasts(words[kept - 2 : kept]) < SHORTEST_PAIR_S:
        kept -= 1
    kept -= kept < len(words)
    size = 1
    while size <= kept // 2:
        last, before = slice(kept - size, kept), slice(kept - 2 * size, kept - size)
        if keys[last] == keys[before] and _lasts(words[last]) < 0.4 * _lasts(words[before]):
            kept, size = kept - size, 1
        else:
            size += 1
    return kept


def _lasts(words: Sequence[tuple[str, float, float]]) -> float:
    return words[-1][2] - words[0][1]


def _loop_of(keys: Sequence[str]) -> int:
    """Length of the run of words that fills a text four times or more, a decoder loop however slow; 0 for none."""
    for size in range(1, len(keys) // 4 + 1):
        if all(key == keys[at % size] for at, key in enumerate(keys)):
            return size
    return 0
