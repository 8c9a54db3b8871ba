"""A turn cut into clauses, with and without punctuation, each known as question, proposal or statement."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parley.buyer.matcher.words import FUNCTION_WORDS, plain_words, word_set

_SENTENCE = re.compile(r"[^.!?…]+[.!?…]*")
_WH = word_set("what when where who why how which whose whats")
_AUX = word_set("do does did is are was were have has had can could would will should may any am")
_SUBJECT = word_set("you your i we they he she it there that this the anyone anybody somebody someone yours either any")
_EMBEDS = word_set(
    """know tell wonder wondering ask asking about idea see show explain understand share hear of to me us sure curious
    remember recall figure depends on with for exactly that matter matters is was just roughly at in from by say said
    out through"""
)
_LINKS = word_set("and or but also so okay then plus")
_LEADS_IN = word_set(
    "if beyond besides between when since after before in out for apart other at with while aside given assuming"
)
_OPENS = word_set("do did is are have can could would has does")
_PRONOUNS = word_set("you i we they he she it that this")
_IMPERATIVE = (
    ("tell", "me"),
    ("walk", "me"),
    ("talk", "me"),
    ("give", "me"),
    ("help", "me"),
    ("describe",),
    ("share",),
    ("remind", "me"),
    ("talk", "about"),
    ("talk", "to", "me"),
)
_CLIPPED = (("think", "you"), ("got", "a"), ("got", "any"), ("you", "still"), ("mind", "if"), ("mind", "me"))
"""Questions that have lost their verb: `got a second?`, `you still looking?`."""
_PROPOSALS = (
    ("let", "us"),
    ("how", "about"),
    ("what", "about"),
    ("what", "if"),
    ("do", "you", "want", "to"),
    ("would", "you", "be", "open"),
    ("would", "you", "be", "okay"),
    ("can", "we"),
    ("could", "we"),
    ("can", "i"),
    ("could", "i"),
    ("may", "i"),
    ("shall", "we"),
    ("should", "we"),
    ("i", "would", "like", "to"),
    ("i", "would", "love", "to"),
    ("are", "you", "ready"),
    ("why", "do", "not", "we"),
    ("do", "i", "have"),
    ("would", "it", "be"),
    ("are", "you", "open"),
    ("send", "me"),
    ("let", "me", "send"),
    ("when", "can", "we"),
    ("give", "me"),
)
MAX_WORDS = 28
"""A stretch without any mark or question word is cut after so many words."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing the rep says. `asks`: a question or a request to tell; `proposes`: a suggestion to do something."""

    words: tuple[str, ...]
    asks: bool
    proposes: bool
    tag_question: bool = False
    """A statement that ends in `right?`, `okay?`, `is that all right?`."""


def cut(text: str) -> list[Clause]:
    """The clauses of a turn in order."""
    clauses: list[Clause] = []
    for sentence in _SENTENCE.findall(text):
        mark = sentence.rstrip().endswith("?")
        words = plain_words(sentence)
        pieces = [piece for cut_piece in _with_lead_in(_at_questions(words)) for piece in _by_length(cut_piece)]
        for n, piece in enumerate(pieces):
            if piece:
                clauses.append(_judge(piece, marked=mark and n == len(pieces) - 1))
    return _join_scraps(clauses)


def _at_questions(words: list[str]) -> list[list[str]]:
    """Cut before a question word or an inverted verb that begins a new question."""
    pieces: list[list[str]] = [[]]
    for i, word in enumerate(words):
        current = pieces[-1]
        if current and _begins_question(word, words[i + 1 : i + 6], current):
            links: list[str] = []
            while current and current[-1] in _LINKS:
                links.insert(0, current.pop())
            if _content(current) < 1 and len(current) < 3:
                current.extend(links)
            else:
                pieces.append([])
        pieces[-1].append(word)
    return [piece for piece in pieces if piece]


def _with_lead_in(pieces: list[list[str]]) -> list[list[str]]:
    """`Beyond the rate itself` belongs to the question after it, `do you think` to the one before it."""
    out: list[list[str]] = []
    for piece in pieces:
        trails = piece in (["do", "you", "think"], ["do", "you", "figure"], ["do", "you", "know"])
        if out and (trails or (len(out[-1]) <= 9 and _is_lead_in(out[-1]))):
            out[-1] = out[-1] + piece
        else:
            out.append(piece)
    return out


def _is_lead_in(piece: list[str]) -> bool:
    core = [w for w in piece if w not in _LINKS]
    return bool(core) and core[0] in _LEADS_IN and not (core[0] == "when" and len(core) > 1 and core[1] in _AUX)


def _begins_question(word: str, rest: list[str], current: list[str]) -> bool:
    following = rest[0] if rest else ""
    before = current[-1]
    open_wh = any(w in _WH for w in current) and not any(w in _AUX for w in current)
    if word in _WH:
        if word in ("who", "which", "when", "where") and before not in _LINKS and following not in _AUX | {"else"}:
            return False
        if next((w in _PRONOUNS for w in rest if w in _PRONOUNS or w in _AUX), False):
            return False  # `how long we lock it` states, `how long do we lock it` asks
        told = before in ("you", "them", "him") and current[-2:-1] in (["tell"], ["show"], ["ask"], ["give"], ["send"])
        return not told and before not in _EMBEDS | _WH and (before in _LINKS or len(current) >= 3)
    if word in _AUX and following in _SUBJECT:
        if word in ("is", "was") and following in ("you", "we", "i"):
            return False
        if before == "me":
            return word not in ("is", "was") and len(current) >= 4
        if open_wh or before in _WH or before in ("you", "not", "that"):
            return False
        return before in _LINKS or (len(current) >= 3 and word in _OPENS and before not in _SUBJECT | {"to"})
    return False


def _content(words: list[str]) -> int:
    return sum(1 for w in words if len(w) > 3)


def _by_length(words: list[str]) -> list[list[str]]:
    """Cut a long stretch at its links, else by length."""
    if len(words) <= MAX_WORDS:
        return [words]
    pieces: list[list[str]] = [[]]
    for word in words:
        if (word in ("and", "so", "but", "because") and len(pieces[-1]) >= 9) or len(pieces[-1]) >= MAX_WORDS:
            pieces.append([])
        pieces[-1].append(word)
    return pieces


def _judge(words: list[str], *, marked: bool) -> Clause:
    core = list(words)
    while core and (core[0] in _LINKS or core[0] in ("well", "now", "okay", "yes", "no", "great", "right", "please")):
        core = core[1:]
    proposes = any(_starts(core, lead) for lead in _PROPOSALS) or any(
        _holds(core, lead)
        for lead in (
            ("let", "us"),
            ("how", "about"),
            ("would", "you", "like"),
            ("can", "we"),
            ("could", "we"),
            ("shall", "we"),
            ("are", "you", "ready"),
        )
    )
    proposes = proposes or (core[:1] in (["would"], ["does"], ["will"]) and "work" in core[1:])
    head = core[:2]
    inverted = len(head) == 2 and head[0] in _AUX and head[1] != "not" and (head[0] != "have" or head[1] in _SUBJECT)
    wh = bool(core) and core[0] in _WH and (marked or core[1:2] == [] or core[1] not in _PRONOUNS)
    inner_wh = any(
        w in _WH
        and i + 1 < len(core)
        and core[i + 1] in _AUX | {"much", "many", "long", "soon", "kind", "else", "happened"}
        and (i <= 4 or core[i - 1] in _EMBEDS - {"on", "depends"})
        for i, w in enumerate(core[:12])
    )
    imperative = any(_holds(core[:8], lead) for lead in _IMPERATIVE)
    any_lead = bool(core) and (
        core[0] in ("any", "anything", "anybody", "ever") or any(_starts(core, lead) for lead in _CLIPPED)
    )
    inverted_within = any(
        (core[i], core[i + 1]) != ("is", "you")
        and (core[i] != "is" or core[max(i - 1, 0)] not in ("that", "this"))  # `that's it from me` asks nothing
        and core[i] in ("do", "are", "did", "have", "is", "would", "can", "could")
        and core[i + 1] in ("you", "your", "there", "it", "that", "anyone", "anybody")
        for i in range(min(len(core) - 1, 10))
    )
    marked = marked or (len(words) > 3 and words[-1] in ("right", "correct", "yeah", "huh"))
    tag = marked and not (inverted or wh or inner_wh or imperative)
    asks = marked or inverted or wh or inner_wh or imperative or any_lead or inverted_within
    return Clause(tuple(words), asks=asks, proposes=proposes, tag_question=tag)


def _refers_back(words: tuple[str, ...]) -> bool:
    """Nothing in it names a thing: it can only be understood with the clause before."""
    return any(w in ("there", "that", "it", "they", "one", "so") for w in words) and all(
        w in FUNCTION_WORDS or w in _WH or w in ("long", "years", "often", "far") for w in words
    )


def _starts(words: list[str], lead: tuple[str, ...]) -> bool:
    return tuple(words[: len(lead)]) == lead


def _holds(words: list[str], lead: tuple[str, ...]) -> bool:
    return any(tuple(words[i : i + len(lead)]) == lead for i in range(len(words) - len(lead) + 1))


def _join_scraps(clauses: list[Clause]) -> list[Clause]:
    """A scrap such as `so` belongs to what follows; `how long have you been there` to what it refers back to."""
    out: list[Clause] = []
    carried: tuple[str, ...] = ()
    for clause in clauses:
        leads_in = bool(out) and (out[-1].asks or out[-1].words[0] in _LEADS_IN)
        if leads_in and clause.asks and _refers_back(clause.words) and len(out[-1].words) < 18:
            out[-1] = Clause(out[-1].words + clause.words, asks=True, proposes=out[-1].proposes or clause.proposes)
            continue
        if len(clause.words) <= 1 and clause.words and clause.words[0] in _LINKS | {"well", "now"}:
            carried += clause.words
            continue
        out.append(
            Clause(carried + clause.words, clause.asks, clause.proposes, clause.tag_question) if carried else clause
        )
        carried = ()
    if carried and not out:
        out.append(Clause(carried, asks=False, proposes=False))
    return out
