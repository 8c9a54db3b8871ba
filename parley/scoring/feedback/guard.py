"""Keeps a model's feedback to what it may say: no score of its own, no instruction from the transcript obeyed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from parley.buyer.matcher.numbers import read_numbers
from parley.scoring.feedback.quotes import find_quote

ECHO_WORDS = 4
"""So many words in a row that stand in words spoken to the reviewer make a sentence an echo of them."""
LONGEST_TEXT = 700

_NUMBER = (
    r"(?:\d{1,3}(?:\.\d)?|(?:a |one )?hundred|ninety(?:[- ]\w+)?|eighty(?:[- ]\w+)?|ten|five|full|perfect|maximum|top)"
)


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_TO_REVIEWER = _any(
    r"\b(?:ignore|disregard|forget|override|bypass|skip)\b.{0,40}\b(?:rubrics?|instructions?|prompts?|rules|guidelines|"
    r"criteria|scoring|grading|scorecards?)\b",
    rf"\b(?:give|award|grant|assign|score|rate|grade|mark)\b.{{0,20}}\b(?:me|this call|this rep|the rep|us)\b.{{0,20}}"
    rf"\b{_NUMBER}\b(?!\s*(?:thousand|dollars|bucks|grand|k\b|days|minutes|percent down))"
    r"(?=\s*(?:[.,!?]|$|points?|marks?|percent|stars?|out of|score|grade|rating|on|for|and))",
    r"\b(?:my|this call'?s?|the) (?:score|grade|rating) (?:is|was|should|must|has to|needs to|will)\b",
    r"\b(?:system|developer|assistant) (?:prompt|message|instruction)|\b(?:system|assistant)\s*:",
    r"\b(?:new|updated|following|previous|prior|above) instructions?\b",
    r"\b(?:dear|attention|note to|message to|hey|hello|listen),? (?:the |you )?(?:ai|llm|model|grader|"
    r"evaluator|reviewer|scorer|judge|coach|scoring|language model|chat ?gpt)\b",
    r"\b(?:whoever|whatever|anyone who|you who) (?:is )?(?:read|reads|reading|scor\w+|grad\w+|review\w*|evaluat\w+)\b",
    r"\b(?:in|write|begin|start|put) (?:your|the|my|this) (?:feedback|review|summary|evaluation)\b",
    r"\b(?:your|the) (?:feedback|review|summary|evaluation) (?:must|should|has to|needs to|will|says?)\b",
    r"\byou (?:are|'re) (?:now )?(?:an? |the )?(?:ai|language model|grader|evaluator|reviewer|scorer|judge)\b",
    r"</?\s*(?:transcript|system|instructions?)\s*>|\bend of (?:the )?transcript\b",
)
_SCORE_TALK = _any(
    r"\b(?:scor(?:e|es|ed|ing)|grade[sd]?|rating|rubric|scorecard|pass mark|stars?)\b",
    rf"\b{_NUMBER}\s*(?:/|out of|of)\s*(?:100|10|5|ten|five|a hundred|one hundred)\b",
    r"\b(?:full|top|maximum|perfect|all) (?:marks|points|score)\b",
    r"\b(?:\d{2,3}|hundred|ninety|eighty)\s+points?\b",
    r"\b(?:100|a hundred|one hundred)\s*(?:%|percent)(?=\s*(?:[.,!?]|$))",
    r"\bA\+(?!\w)|\bflawless\b|\bperfect (?:call|rep|performance|job)\b",
)
_CREDIT = re.compile(r"\b(?:credit|fico|middle|mid|vantage)[- ](?:scores?|ratings?|grades?)\b", re.IGNORECASE)
"""A borrower's credit score is no score of the call."""
_META = _any(
    r"\bas an? (?:ai|assistant|language model)\b",
    r"\blanguage model\b",
    r"\b(?:system )?prompt\b",
    r"\binstructions?\b|\bas (?:told|instructed|ordered|requested)\b",
    r"\b(?:feedback|review|summary) (?:must|should|has to|needs to)\b",
    r"https?://|www\.|<[a-z/!]|```",
)
_QUOTED = re.compile(r"[“\"]([^“”\"]{3,})[”\"]")
_SENTENCES = re.compile(r"\S.*?(?:[.?!…]+[”\"']*(?=\s|$)|$)", re.DOTALL)


class Refused(Exception):
    """A model's feedback cannot be used. The text says why, as the end of a sentence."""


def speaks_to_reviewer(utterance: Mapping[str, Any]) -> bool:
    """Are these words meant for whoever scores the call rather than for the buyer?"""
    return utterance["speaker"] == "rep" and bool(_TO_REVIEWER.search(_CREDIT.sub("", str(utterance["text"]))))


def invents_figure(words: str, known: Sequence[str]) -> bool:
    """Does it name a figure that stands in none of the known texts? Small whole numbers, such as times, are free."""
    given = {figure for text in known for figure in _figures(text)}
    return any(figure not in given and (float(figure) > 31 or "." in figure) for figure in _figures(words))


def _figures(text: str) -> list[str]:
    tokens = [token.strip(".,:;!?()$").rstrip("%") for token in re.sub(r"[-–]", " ", text.lower()).split()]
    return [token for token in read_numbers([t for t in tokens if t]) if re.fullmatch(r"\d+(?:\.\d+)?", token)]


class Guard:
    """Checks a model's sentences against one transcript; `dropped` counts what was left out."""

    def __init__(self, transcript: Sequence[Mapping[str, Any]]) -> None:
        self._transcript = transcript
        self.barred = {int(u.get("i", n)) for n, u in enumerate(transcript) if speaks_to_reviewer(u)}
        self._echoes = {
            run for n, u in enumerate(transcript) if int(u.get("i", n)) in self.barred for run in _runs(str(u["text"]))
        }
        self.dropped = 0

    def text(self, written: str, *, whole: bool = True, quotes: bool = True) -> str:
        """The sentences that may be shown. While a text is still being written (`whole=False`) its last is held back.

        Raises Refused when the model does what the rep told the reviewer to do.
        """
        kept = []
        for sentence in _sentences(written, whole=whole):
            if self._is_fit(sentence, quotes=quotes):
                kept.append(sentence)
            else:
                self.dropped += 1
        return " ".join(kept)[:LONGEST_TEXT]

    def _is_fit(self, sentence: str, *, quotes: bool) -> bool:
        claims = bool(_SCORE_TALK.search(_CREDIT.sub("", sentence)) or _META.search(sentence))
        if self.barred and (claims or not self._echoes.isdisjoint(_runs(sentence))):
            raise Refused("it followed words in the call that were spoken to the reviewer")
        if claims:
            return False
        return not quotes or all(self._was_said(quoted) for quoted in _QUOTED.findall(sentence))

    def _was_said(self, quoted: str) -> bool:
        if len(quoted.split()) < 3:
            return True
        found = find_quote(self._transcript, quoted, 0)
        return found is not None and _plain(found.quote) == _plain(quoted)


def _sentences(text: str, *, whole: bool) -> list[str]:
    text = " ".join(text.split())
    found = [m.group() for m in _SENTENCES.finditer(text)]
    if found and not whole and not re.search(r"[.?!…][”\"']*$", found[-1]):
        found.pop()
    return found


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _plain(text).split()
    return {tuple(words[at : at + ECHO_WORDS]) for at in range(len(words) - ECHO_WORDS + 1)}


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w%$]+", text.lower().replace("’", "'").replace("'", "")))
