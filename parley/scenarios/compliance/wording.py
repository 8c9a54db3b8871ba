"""The wording of a rule: a small language for what people say, and the one expression that finds it.

`(a|b c)` is one of, `[a|b]` may be there, `…` is up to six words, `*` ends a word in any way, `#` is a number,
`##` one of a thousand or more. Everything else is said as it stands, in plain spelling: lower case, contractions
written out, no stops.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

GAP = r"(?:\S+ ){0,6}"
NUMBER = r"\d+(?:\.\d+)?"
LARGE = r"\d{4,}(?:\.\d+)?"

_TOKEN = re.compile(r"\(([^()\[\]]+)\)|\[([^()\[\]]+)\]|(…)|(##?)|([a-z0-9]+\*?)")
_WORD = re.compile(r"[a-z0-9]+\*?|#")

_CONTRACTIONS = (
    ("won't", "will not"), ("can't", "can not"), ("cannot", "can not"), ("n't", " not"), ("'re", " are"),
    ("'ve", " have"), ("'ll", " will"), ("'m", " am"), ("let's", "let us"), ("'d", " would"),
)  # fmt: skip


class WordingError(ValueError):
    """A wording cannot be read. The text names it and the way out."""


Wording = tuple[str, str]
"""[query, expression]: a text search query that every match satisfies, so that only where it does the expression is
tried; and a regular expression over a sentence in plain spelling, a space before and after each word."""


def compile_wordings(says: Iterable[str]) -> list[Wording]:
    """Each wording as [query, expression], the same in PostgreSQL and in Python. Raises WordingError."""
    return [_compile(say) for say in dict.fromkeys(says)]


def spell_out(phrase: str) -> str:
    """A phrase as people write it, in plain spelling: `You're "approved"!` is `you are approved`."""
    text = phrase.lower().replace("’", "'").replace("...", "…")
    for short, long in _CONTRACTIONS:
        text = text.replace(short, long)
    text = re.sub(r"\b(it|that|what|who|how|where|there|here|he|she|when|why)'s\b", r"\1 is", text)
    return " ".join(re.sub(r"[^a-z0-9… ]+", " ", text.replace("'", "")).split())


def _compile(say: str) -> Wording:
    pieces: list[str] = []
    needed: list[str] = []
    at = 0
    text = say.strip()
    for token in _TOKEN.finditer(text):
        if text[at : token.start()].strip():
            raise WordingError(_unreadable(say, text[at : token.start()].strip()))
        at = token.end()
        one_of, maybe, gap, number, word = token.groups()
        if gap:
            pieces.append(GAP)
        elif maybe:
            pieces.append(f"(?:{_alternatives(say, maybe)} )?")
        elif number:
            pieces.append(f"{LARGE if number == '##' else NUMBER} ")
        else:
            pieces.append(f"{_alternatives(say, one_of)} " if one_of else f"{_said(word)} ")
            needed.append(one_of or word)
    if text[at:].strip():
        raise WordingError(_unreadable(say, text[at:].strip()))
    if not _query(needed) or pieces[0] == GAP or pieces[-1] == GAP:
        raise WordingError(f"{say!r} must begin and end with something said, and hold at least one word")
    return _query(needed), "".join(pieces)


def _query(needed: list[str]) -> str:
    """All of these must be there; what may be a number alone cannot be asked for."""
    named = [options for options in needed if all(_words(option) for option in options.split("|"))]
    groups = [" | ".join(_all_of(option) for option in options.split("|")) for options in named]
    return " & ".join(f"({group})" if "|" in group else group for group in groups)


def _words(option: str) -> set[str]:
    return {word for word in option.split() if word != "#"}


def _all_of(option: str) -> str:
    words = [word.replace("*", ":*") for word in option.split() if word != "#"]
    return "(" + " & ".join(words) + ")" if len(words) > 1 else words[0]


def _alternatives(say: str, options: str) -> str:
    parts = []
    for option in options.split("|"):
        words = option.split()
        if not words or any(not _WORD.fullmatch(word) for word in words):
            raise WordingError(_unreadable(say, option))
        parts.append(" ".join(NUMBER if word == "#" else _said(word) for word in words))
    return f"(?:{'|'.join(parts)})"


def _said(word: str) -> str:
    return word[:-1] + r"\w*" if word.endswith("*") else word


def _unreadable(say: str, part: str) -> str:
    return (
        f"{part!r} in {say!r} cannot be read; write plain lower-case words ('do not' for don't), "
        "(a|b) for one of, [a|b] for what may be there, … for a gap, * at a word's end, # for a number"
    )
