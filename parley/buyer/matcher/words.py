"""Words as features: lower case, contractions opened, fillers dropped, numbers read, stems taken."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

import snowballstemmer  # type: ignore[import-untyped]

from parley.buyer.matcher.numbers import classify, read_numbers


def word_set(text: str) -> frozenset[str]:
    """The words of a list written as running text."""
    return frozenset(text.split())


_TOKEN = re.compile(r"\$?\d[\d,]*(?:\.\d+)?(?:[km]\b)?%?|[a-z]+(?:'[a-z]+)?|[^\W\d_]+")
_NUMBER = re.compile(r"^\d+(\.\d+)?$")

_CONTRACTIONS = {
    "won't": "will not",
    "can't": "can not",
    "cannot": "can not",
    "let's": "let us",
    "y'all": "you all",
    "gonna": "going to",
    "wanna": "want to",
    "gotta": "have to",
    "gotten": "got",
    "lemme": "let me",
    "kinda": "kind of",
    "alright": "all right",
    "ok": "okay",
    "w2": "w two",
    "w2s": "w two",
    "a.p.r": "apr",
    "preapproval": "pre approval",
    "preapproved": "pre approved",
    "prequalification": "pre qualification",
    "prequalified": "pre qualified",
    "prequal": "pre qualification",
    "timeframe": "time frame",
    "homeowner's": "homeowners",
}
_ENDINGS = (
    ("n't", " not"),
    ("'re", " are"),
    ("'ve", " have"),
    ("'ll", " will"),
    ("'d", " would"),
    ("'m", " am"),
)
_IS_AFTER = word_set("what how when where who why that it there here he she everything")
_DID_AFTER = word_set("how why where when what")

_SPELLED = [
    (re.compile(rf"\b{spoken}\b"), written)
    for spoken, written in (
        ("a p r", "apr"),
        ("n m l s", "nmls"),
        ("p m i", "pmi"),
        ("f h a", "fha"),
        ("m i p", "mip"),
        ("v a", "va"),
        ("w[ -]?2s?", "w two"),
        (r"would (you|you guys|you two|you folks|he|she|they) (?:like|love|prefer)", r"do \1 want"),
        ("for a living", "for work"),
        ("make a living", "work"),
    )
]

FILLERS = word_set("um uh er erm hmm hm mm mhm ah eh")

FUNCTION_WORDS = word_set(
    """a an the and or but so if then than of to in on at by for from with about into out up down off over as is are
    was were be been being am do does did doing have has had having will would can could should may might must shall i
    me my mine you your yours he him his she her hers it its we us our ours they them their theirs this that these
    those there here what which who whom whose when where why how not no yes okay just like well right really very too
    also some any all each every other another more most much many few own same such only now today again still yet
    ever never please let tell know think guess mean kind sort thing things stuff something anything everything someone
    anyone somebody anybody going go get got want need make sure maybe actually basically currently exactly roughly
    around little bit lot one mind ask asks asked asking question questions wonder wondering curious happen happens
    happened say said see look looking come back first while because though far between hi hey hello oh"""
)
"""Words that carry grammar more than matter; they count little when a phrase is matched."""

_PAIRS = word_set(
    """how_much how_many how_long how_soon how_often how_far how_old how_big how_fast what_kind what_type what_happened
    up_front out_of work_with working_with put_down
    putting_down bring_in brings_in on_time open_to set_up get_going left_on go_wrong went_wrong hold_up go_quiet
    deal_with take_out took_out pay_off pull_credit pulled_credit"""
)

_stemmer = snowballstemmer.stemmer("english")
_IRREGULAR = {
    "kept": "keep",
    "paid": "pay",
    "bought": "buy",
    "sold": "sell",
    "spent": "spend",
    "took": "take",
    "taken": "take",
    "chose": "choose",
    "chosen": "choose",
    "lent": "lend",
}


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The Snowball stem of one lower-case word, a past tense with a form of its own as its present."""
    return str(_stemmer.stemWord(_IRREGULAR.get(word, word)))


def plain_words(text: str) -> list[str]:
    """Lower-case words with contractions opened and numbers read: `What's 6.375%?` is `what is 6.375 percent`."""
    text = text.lower().replace("’", "'").replace("‘", "'").replace("a.p.r.", "apr").replace("-", " ")
    for spoken, written in _SPELLED:
        text = spoken.sub(written, text)
    tokens: list[str] = []
    for token in _TOKEN.findall(text):
        tokens.extend(_open(token))
    return read_numbers([t for t in tokens if t not in FILLERS])


def _open(token: str) -> list[str]:
    if token in _CONTRACTIONS:
        return _CONTRACTIONS[token].split()
    if token.endswith("%"):
        return [token[:-1], "percent"]
    for ending, full in _ENDINGS:
        if token.endswith(ending):
            start = token.removesuffix(ending)
            if ending == "'d" and start in _DID_AFTER:
                full = " did"
            return (start + full).split()
    if token.endswith("'s"):
        start = token[:-2]
        return [start, "is"] if start in _IS_AFTER else [start]
    return [token.replace("'", "")]


def is_number(word: str) -> bool:
    return bool(_NUMBER.match(word))


@lru_cache(maxsize=20_000)
def features(words: tuple[str, ...]) -> dict[str, float]:
    """What a clause is matched by: stems and telling pairs with their base weight; read-only.

    Function words weigh 0.15, question words and pairs 0.5, other stems 1; numbers count by kind.
    """
    found: dict[str, float] = {}
    for word in words:
        if is_number(word):
            found[classify(float(word))] = 0.8
            if float(word) >= 5:
                found[word] = 0.6
        elif word in ("what", "who", "when", "where", "why", "which"):
            found[word] = max(found.get(word, 0), 0.3 if word in ("what", "which") else 0.7)
        elif word in FUNCTION_WORDS:
            found[word] = max(found.get(word, 0), 0.12)
        else:
            found[stem(word)] = 1.0
    for left, right in pairwise(words):
        if f"{left}_{right}" in _PAIRS:
            found[f"{left}_{right}"] = 0.6
    return found
