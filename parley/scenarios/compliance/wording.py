"""The wording of a rule: a small language for what people say, and the one expression that finds it.

`(a|b c)` is one of, `[a|b]` may be there, `…` is up to six words, `*` ends a word in any way, `#` is a number.
Everything else is said as it stands, in plain spelling: lower case, contractions written out, no stops.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, Field

GAP = r"(?:\S+ ){0,6}"
NUMBER = r"\d+(?:\.\d+)?"

_TOKEN = re.compile(r"\(([^()\[\]]+)\)|\[([^()\[\]]+)\]|(…)|(#)|([a-z0-9]+\*?)")
_WORD = re.compile(r"[a-z0-9]+\*?|#")

_CONTRACTIONS = (
    ("won't", "will not"), ("can't", "can not"), ("cannot", "can not"), ("n't", " not"), ("'re", " are"),
    ("'ve", " have"), ("'ll", " will"), ("'m", " am"), ("let's", "let us"), ("'d", " would"),
)  # fmt: skip


_COMMON_WORDS = """
not no never will would can could have has had are is was be you your i we they he she it that this the a do does did
for with from and or to of on in at so if about need want get got going call said say says make more better rate rates
loan what who when where any one 1 #
"""
_COMMON = frozenset(_COMMON_WORDS.split())
"""Words that stand in most sentences, so that finding one says little."""


class WordingError(ValueError):
    """A wording cannot be read. The text names it and the way out."""


class Wording(BaseModel):
    """What finds any of several wordings in a sentence: an expression, and words one of which must be there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pattern: str = Field(description="A regular expression over a sentence in plain spelling, a space at each end.")
    cues: list[str] = Field(
        description="The sentence is worth trying when one of these stands in it.", examples=[[" guarantee"]]
    )


def compile_wording(says: Iterable[str]) -> Wording:
    """One expression for all the wordings, the same in PostgreSQL and in Python. Raises WordingError."""
    patterns, cues = [], []
    for say in says:
        pattern, cue = _compile(say)
        patterns.append(pattern)
        cues.extend(cue)
    if not patterns:
        raise WordingError("there is no wording; write at least one")
    return Wording(pattern=f" (?:{'|'.join(dict.fromkeys(patterns))})", cues=sorted(set(cues)))


def spell_out(phrase: str) -> str:
    """A phrase as people write it, in plain spelling: `You're "approved"!` is `you are approved`."""
    text = phrase.lower().replace("’", "'").replace("...", "…")
    for short, long in _CONTRACTIONS:
        text = text.replace(short, long)
    text = re.sub(r"\b(it|that|what|who|how|where|there|here|he|she|when|why)'s\b", r"\1 is", text)
    return " ".join(re.sub(r"[^a-z0-9… ]+", " ", text.replace("'", "")).split())


def _compile(say: str) -> tuple[str, list[str]]:
    pieces: list[str] = []
    candidates: list[list[str]] = []
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
            pieces.append(f"{NUMBER} ")
        else:
            pieces.append(f"{_alternatives(say, one_of)} " if one_of else f"{_said(word)} ")
            candidates.append([_cue(option) for option in (one_of or word).split("|")])
    if text[at:].strip():
        raise WordingError(_unreadable(say, text[at:].strip()))
    if not candidates or pieces[0] == GAP or pieces[-1] == GAP:
        raise WordingError(f"{say!r} must begin and end with something said, and hold at least one word")
    best = max(candidates, key=lambda options: min(_rarity(option) for option in options))
    return "".join(pieces), best


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


def _cue(option: str) -> str:
    longest = max((word for word in option.split() if word != "#"), key=len, default="")
    return f" {longest[:-1]}" if longest.endswith("*") else f" {longest} "


def _rarity(cue: str) -> int:
    return 0 if cue.strip() in _COMMON else len(cue)


def _unreadable(say: str, part: str) -> str:
    return (
        f"{part!r} in {say!r} cannot be read; write plain lower-case words ('do not' for don't), "
        "(a|b) for one of, [a|b] for what may be there, … for a gap, * at a word's end, # for a number"
    )
