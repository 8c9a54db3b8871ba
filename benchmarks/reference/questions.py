"""Does a sentence ask, and is the question open or closed?"""

from __future__ import annotations

import re
from itertools import pairwise

_AUX = {
    "is",
    "are",
    "am",
    "was",
    "were",
    "do",
    "does",
    "did",
    "can",
    "could",
    "would",
    "will",
    "should",
    "shall",
    "have",
    "has",
    "had",
    "may",
    "might",
}
_PERSON = {
    "i",
    "you",
    "we",
    "they",
    "he",
    "she",
    "it",
    "that",
    "this",
    "there",
    "your",
    "the",
    "any",
    "anyone",
    "somebody",
    "someone",
    "those",
    "these",
    "today",
    "tomorrow",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
}
_LEADS = (
    "so|and|okay|oh|well|now|great|good|um|uh|hmm|but|then|also|right|alright|yes|yeah|sure|perfect|thanks"
    "|actually|just|or|first|next"
    "|got it|all right|thank you|out of curiosity|may i ask|can i ask|let me ask you|let me ask|i wonder|tell me"
)
_POLITE = (
    "please|could you|can you|would you mind|would you|will you|maybe you could|if you could"
    "|i would love for you to|i would like you to"
)
_INVITE = re.compile(
    r"(?:just )?(?:tell(?:ing)? me (?:a (?:bit|little) )?(?:more|about|what|how|why)|walk(?:ing)? me through"
    r"|talk(?:ing)? me through"
    r"|help(?:ing)? me understand|describ(?:e|ing)|shar(?:e|ing) (?:with me|a bit|more)|give me a sense"
    r"|paint me|say more)\b"
)
_OFFERS = re.compile(r"\b(?:let me|i will|i can|i could) (?:tell|walk|talk|describe|share|help)")
_NOUN = (
    "date price rate rates score fico credit income amount payment payments balance address name number employer "
    "salary budget term size "
    "value percentage deadline fee fees quote taxes debts zip state county lock phone email"
).replace(" ", "|")
_FACT = re.compile(
    r"(?:what (?:time|year|day|date|month|percent|percentage|state|city|county|zip|price|rate|amount"
    r"|loan amount|payment|fees|type of"
    r"|kind of (?:property|loan|home|house|job))"
    rf"|what (?:is|are|was|were) (?:your|the|their|that|his|her) (?:\w+ ){{0,3}}(?:{_NOUN})(?! (?:that|which|you))"
    r"|what about|how (?:much|many|long|old|soon|often|far|big|high|low|tall|about|are you|is it going|you doing))\b"
)
_VERBS = {
    "about",
    "if",
    "matters",
    "brings",
    "brought",
    "made",
    "makes",
    "worries",
    "happens",
    "happened",
    "kind",
    "type",
    "sort",
    "other",
    "concerns",
    "attracted",
    "got",
    "led",
    "come",
}
_ANSWERS = re.compile(
    r"(?:\| )*(?:right|okay|ok|yeah|yes|huh|sure|really|hello|hi|pardon|sorry|hmm|and|good|all right|alright)(?: \|)*"
)
_INNER = {
    "if",
    "that",
    "as",
    "than",
    "when",
    "how",
    "what",
    "where",
    "who",
    "why",
    "which",
    "whether",
    "like",
    "not",
}


def question_kind(sentence: str, plain: str) -> str | None:
    """`open`, `closed` or None, with or without a question mark."""
    marked = bool(re.search(r"\?[^\w]*$", sentence))
    if _ANSWERS.fullmatch(plain.strip(" ")):
        return None
    starts = [start for clause in plain.split("| ") for start in _starts(clause)]
    words = [start.split() for start in starts]
    if not _OFFERS.search(plain) and any(_INVITE.match(p) for s in starts for p in _politely(s)):
        return "open"
    begun = [w[1:] if w[:1] == ["in"] else w for w in words]
    if any(w and w[0] in ("what", "how", "why") for w in begun) and (marked or any(_asks_openly(w) for w in words)):
        return "closed" if any(_FACT.match(s) for s in starts) else "open"
    if any(w and w[0] in ("who", "when", "where", "which", "whose") for w in words) and (
        marked or any(_asks_for_one(w) for w in words)
    ):
        return "closed"
    if any(_turns_round(w) for w in words):
        later = re.search(r"\b(?:and|so|but|then) (?:what|how|why) (\w+) (\w+)\b", plain)
        return "open" if later and later[1] in _AUX and later[2] in _PERSON else "closed"
    every = plain.split()
    if marked:
        verbs = _AUX | {"made", "happened", "matters", "worries", "about"}
        open_later = any(a in ("what", "why", "how") and b in verbs for a, b in pairwise(every))
        return "open" if open_later and not re.search(rf"\b{_FACT.pattern}", plain) else "closed"
    if not re.search(r"[.,!?]", sentence):
        return _unstopped(plain, every)
    return None


def _starts(clause: str) -> list[str]:
    """A clause as it stands, and with its opening words taken away one by one."""
    found = [clause]
    while lead := re.match(rf"(?:{_LEADS}) ", found[-1]):
        found.append(found[-1][lead.end() :])
    return found


def _politely(start: str) -> list[str]:
    found = [start]
    while polite := re.match(rf"(?:{_POLITE}) ", found[-1]):
        found.append(found[-1][polite.end() :])
    return found


def _asks_openly(w: list[str]) -> bool:
    if w[:1] == ["how"] and w[1:2] and w[1] in ("much", "many", "long", "old", "soon", "often", "far"):
        return bool(w[2:3]) and (w[2] in _AUX or (bool(w[3:4]) and w[3] in _AUX))
    if not w or w[0] not in ("what", "why", "how"):
        return False
    rest = w[2:] if w[1:2] == ["else"] else w[1:]
    return bool(rest) and rest[0] in _AUX | _VERBS


def _asks_for_one(w: list[str]) -> bool:
    if not w or w[0] not in ("who", "whose", "where", "which", "when"):
        return False
    for skip in (1, 2):
        if len(w) > skip + 1 and w[skip] in _AUX and w[skip + 1] in _PERSON:
            return True
    rest = w[2:] if w[1:2] == ["else"] else w[1:]
    return w[0] in ("who", "where") and bool(rest) and rest[0] in {"is", "are", "do", "does", "did", "will"}


def _turns_round(w: list[str]) -> bool:
    if not w or w[0] not in _AUX:
        return False
    rest = w[2:] if w[1:2] == ["not"] else w[1:]
    return bool(rest) and rest[0] in _PERSON


def _unstopped(plain: str, every: list[str]) -> str | None:
    for a, b, c in zip(every, every[1:], every[2:], strict=False):
        if a in ("what", "why", "how") and b in _AUX and c in ("you", "your"):
            return "open"
    for found in re.finditer(r" (?:do|did|would|could|can|will|have|are) you\b", plain):
        if plain[: found.start()].rpartition(" ")[2] not in _INNER:
            return "closed"
    return None
