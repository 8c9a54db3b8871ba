"""Says the same in other words, by rule: other words for common ones, long forms for short ones, clauses turned round.

Numbers, names and terms of the trade stay. The rules know nothing of what a buyer or a rubric listens for.
"""

from __future__ import annotations

import random
import re

LONG_FORMS = {
    "i'm": "I am",
    "i'll": "I will",
    "i'd": "I would",
    "i've": "I have",
    "you're": "you are",
    "you'll": "you will",
    "you'd": "you would",
    "you've": "you have",
    "we're": "we are",
    "we'll": "we will",
    "we've": "we have",
    "it's": "it is",
    "that's": "that is",
    "what's": "what is",
    "don't": "do not",
    "doesn't": "does not",
    "didn't": "did not",
    "can't": "cannot",
    "isn't": "is not",
    "won't": "will not",
    "they're": "they are",
    "there's": "there is",
}
OTHER_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("a couple of", ("a few", "some")),
    ("a few", ("some", "a handful of")),
    ("right away", ("at once", "straight away")),
    ("at the moment", ("right now", "currently")),
    ("around", ("about", "roughly")),
    ("about twenty", ("roughly twenty",)),
    ("each month", ("every month", "a month")),
    ("every month", ("each month", "per month")),
    ("would like to", ("want to",)),
    ("make sure", ("see to it",)),
    ("look at", ("go through", "have a look at")),
    ("go over", ("go through", "look at")),
    ("how about we", ("why don't we", "let's say we")),
    ("why don't we", ("how about we",)),
    ("plan to", ("intend to", "mean to")),
    ("planning to", ("intending to", "thinking to")),
    ("house", ("home", "place")),
    ("a lot of", ("many", "plenty of")),
    ("begin", ("start",)),
    ("get started", ("begin",)),
    ("find out", ("learn",)),
    ("tell me", ("let me know", "help me understand")),
    ("talk about", ("speak about", "discuss")),
    ("worried about", ("concerned about", "anxious about")),
    ("worries", ("bothers", "concerns")),
    ("problem", ("trouble", "issue")),
    ("completely", ("entirely", "fully")),
    ("what happened", ("what went on",)),
    ("usually", ("normally", "as a rule")),
    ("maybe", ("perhaps",)),
    ("big", ("large",)),
    ("quick", ("short", "brief")),
    ("buy", ("purchase",)),
    ("okay", ("alright", "fine")),
    ("great", ("wonderful", "perfect")),
)
LEADS = ("Let me ask you this.", "I'm curious.", "One thing that I'd like to understand.", "Something else.")
_TURNED = re.compile(r"^(Once|When|If|After|Before|Until) ([^,.?!]{4,60}), ([^,.?!]{8,90})\.$")


def paraphrase(line: str, dice: random.Random) -> str:
    """The line in other words; the same dice give the same words."""
    sentences = re.findall(r"[^.!?]+[.!?]+", line) or [line]
    said = [_sentence(sentence.strip(), dice) for sentence in sentences]
    if said[-1].endswith("?") and len(said) == 1 and dice.random() < 0.35:
        said.insert(0, dice.choice(LEADS))
    return " ".join(said)


def _sentence(sentence: str, dice: random.Random) -> str:
    text = _turned(sentence)
    text = re.sub(r"[A-Za-z]+['’][a-z]+", _long_form, text)
    for words, others in OTHER_WORDS:
        pattern = re.compile(rf"\b{words}\b", re.IGNORECASE)
        found = pattern.search(text)
        if found and dice.random() < 0.7:
            text = text[: found.start()] + _as_in(found[0], dice.choice(others)) + text[found.end() :]
    return text[:1].upper() + text[1:]


def _turned(sentence: str) -> str:
    """`Once you lock, the rate is held.` becomes `The rate is held once you lock.`"""
    found = _TURNED.match(sentence)
    return f"{found[3]} {found[1].lower()} {found[2]}." if found else sentence


def _long_form(found: re.Match[str]) -> str:
    long = LONG_FORMS.get(found[0].lower().replace("’", "'"))
    return _as_in(found[0], long) if long else found[0]


def _as_in(found: str, chosen: str) -> str:
    return chosen[:1].upper() + chosen[1:] if found[:1].isupper() else chosen
