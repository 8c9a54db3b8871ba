"""One scored call as the writer sees it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from parley.buyer.brief import BuyerBrief
from parley.scoring.feedback.wording import choose

_SENTENCE = re.compile(r"\S.*?(?:[.?!…]+(?=\s|$)|$)", re.DOTALL)
LONGEST_SAID = 12
_BUYER = re.compile(r"(?:^|(?<=[.?!] ))the buyer\b")
_FIGURE = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    r"ninety|hundred|thousand|million|half)\b"
)
_STATEMENT = re.compile(r"(?:(?!less|plus|taxes|dues|savings|bills)[a-z]+s|took|went|lost|got|had|was)\b")
"""Facts told in the third person (`plans to sell …`) do not fit into the rep's mouth."""
_SMALL = re.compile(
    r"a|an|and|are|as|at|be|but|by|can|do|does|dont|for|from|get|give|had|has|have|he|her|his|how|i|if|in|is|it|its|just|"
    r"let|like|me|my|no|not|of|on|or|our|she|so|than|that|the|their|them|they|this|to|us|want|was|we|what|when|which|"
    r"who|will|with|would|you|your|about"
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A quoted stretch with its times, and what the feedback says about it."""

    i: int
    start_ms: int
    end_ms: int
    quote: str
    comment: str = ""
    chars: tuple[int, int] | None = None
    """First and one past the last character in the utterance's text, where a model's quote was looked up."""

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "i": self.i,
            "start_ms": self.start_ms,
            "end_ms": self.end_ms,
            "quote": self.quote,
        }
        if self.chars:
            found["chars"] = list(self.chars)
        return {**found, "comment": self.comment} if self.comment else found


class Call:
    """Transcript, KPIs, score, rubric and brief, with the look-ups that the writer needs."""

    def __init__(
        self,
        transcript: Sequence[Mapping[str, Any]],
        kpis: Mapping[str, Any],
        breakdown: Mapping[str, Any],
        rubric: Mapping[str, Any],
        brief: Mapping[str, Any],
    ) -> None:
        self.transcript, self.kpis, self.breakdown, self.rubric = list(transcript), kpis, breakdown, rubric
        self.by_index = {int(u.get("i", n)): u for n, u in enumerate(self.transcript)}
        # A real call was held with somebody else: the persona's name and facts are not theirs.
        self.is_real = bool(self.transcript) and all(u.get("source") == "import" for u in self.transcript)
        self.brief = None if self.is_real else _brief(brief)
        self.criteria: list[dict[str, Any]] = list(breakdown.get("criteria") or [])
        said = "\n".join(str(u.get("text", "")) for u in self.transcript)
        # The seed frozen on the attempt, and the words: the same call always reads the same, two calls rarely do.
        self.seed = zlib.crc32(f"{brief.get('seed', 0)}\n{said}".encode())
        self.used: list[str] = []
        """Names of the sentences chosen so far."""

    @property
    def name(self) -> str:
        """What to call the buyer."""
        if self.brief is None:
            return "the buyer"
        first, *others = self.brief.persona.name.split()
        return f"{first} {others[-1]}" if first.endswith(".") and others else first

    @property
    def total(self) -> float | None:
        total = self.breakdown.get("total")
        return None if total is None else float(total)

    @property
    def typed(self) -> bool:
        return bool(self.kpis.get("typed"))

    @property
    def goal_hit(self) -> bool:
        return bool((self.kpis.get("goal") or {}).get("hit"))

    @property
    def lost_patience(self) -> bool:
        """Did the buyer hang up in anger?"""
        return any("closing:patience" in (u.get("tags") or []) for u in self.transcript[-2:])

    def say(self, slot: str, **given: str) -> str:
        """A sentence for this slot; `name` is always given. The same call gets the same one."""
        nobody = self.brief is None
        name = "[name]" if nobody and slot.startswith("say.") else self.name
        chosen, text = choose(slot, self.seed, {"name": name, **given})
        self.used.append(chosen)
        return _BUYER.sub(lambda m: upper_first(m.group()), text) if nobody else text

    def pick(self, slot: str, options: Sequence[str]) -> str:
        """One of the scenario's own phrases, always the same for the same call."""
        return options[zlib.crc32(f"{self.seed}:{slot}".encode()) % len(options)]

    def costliest(self) -> list[tuple[float, dict[str, Any]]]:
        """Criteria by points lost, the dearest first; only those that lost at least half a point."""
        lost = [
            (round(c["weight"] - c["points"], 1), c)
            for c in self.criteria
            if c.get("points") is not None and c["weight"] - c["points"] >= 0.5
        ]
        return sorted(lost, key=lambda pair: -pair[0])

    def evidence(self, key: str, *, speaker: str = "") -> list[Passage]:
        """Verified passages that the KPIs give as evidence for `key`, of one speaker when asked for."""
        found = (self.kpis.get("evidence") or {}).get(key) or []
        passages = [Passage(e["i"], e["start_ms"], e["end_ms"], e["quote"]) for e in found]
        return [
            passage
            for passage in passages
            if self.verifies(passage)
            and self.by_index[passage.i]["speaker"] in ((speaker,) if speaker else ("rep", "buyer"))
        ]

    def verifies(self, passage: Passage) -> bool:
        """Is the quote a substring of the utterance that it names, within its times?"""
        utterance = self.by_index.get(passage.i)
        if utterance is None or not passage.quote.strip():
            return False
        start, end = utterance["start"] * 1000, utterance["end"] * 1000
        return passage.quote in utterance["text"] and start - 1 <= passage.start_ms <= passage.end_ms <= end + 1

    def sentence(self, utterance: Mapping[str, Any], which: int = 0) -> Passage | None:
        """A sentence of an utterance as a passage, its times by its place in the text."""
        text = str(utterance["text"])
        matches = list(_SENTENCE.finditer(text))
        if not matches:
            return None
        match = matches[min(which, len(matches) - 1)]
        start, length = utterance["start"], utterance["end"] - utterance["start"]
        return Passage(
            i=int(utterance["i"]),
            start_ms=round(1000 * (start + length * match.start() / len(text))),
            end_ms=round(1000 * (start + length * match.end() / len(text))),
            quote=match.group().rstrip(),
        )

    def reply_after(self, index: int) -> Mapping[str, Any] | None:
        """The rep's first utterance after this one."""
        place = next((n for n, u in enumerate(self.transcript) if int(u.get("i", n)) == index), None)
        if place is None:
            return None
        return next((u for u in self.transcript[place + 1 :] if u["speaker"] == "rep" and "i" in u), None)

    def fact(self, about: str) -> str:
        """A sentence with the persona's fact that has most to do with `about`; empty without one."""
        if not self.brief:
            return ""
        wanted = words_of(about)
        scored = [
            (len(wanted & words_of(name)) * 2 + len(wanted & words_of(fact)), f"I have your {name} here: {fact}.")
            for name, fact in self.brief.persona.facts.items()
            if _FIGURE.search(fact) and not _STATEMENT.match(fact)
        ]
        best = max(scored, default=(0, ""))
        return best[1] if best[0] >= 2 else ""

    def objection_words(self, objection: Mapping[str, Any]) -> str:
        """How the buyer put an objection in this call, at most a dozen words of one sentence; else its label."""
        known: Mapping[str, Any] = next(
            (o for o in self.rubric.get("objections") or [] if o["tag"] == objection["tag"]), {}
        )
        label = str(known.get("label", objection["tag"]))
        raised = self.by_index.get(objection["raised_at"])
        if raised is None:
            return label
        wanted = words_of(" ".join([label, *known.get("heard", [])]))
        sentences = [m.group().strip() for m in _SENTENCE.finditer(str(raised["text"]))]
        best = max(sentences, key=lambda s: (len(wanted & words_of(s)), -len(s)), default=label)
        words = best.rstrip(".").split()
        return " ".join(words) if len(words) <= LONGEST_SAID else " ".join(words[:LONGEST_SAID]) + " …"


def words_of(text: str) -> set[str]:
    """The meaningful words of a text, roughly stemmed."""
    return {w.rstrip("s") for w in re.findall(r"[a-z0-9]+", text.lower()) if len(w) > 2 and not _SMALL.fullmatch(w)}


def spoken(phrase: str, *, question: bool = False) -> str:
    """A listening phrase as a sentence: capital letter first, a stop at the end, `…` gaps removed."""
    text = " ".join(phrase.replace("…", " ").split())
    text = re.sub(r"\bi\b", "I", text[:1].upper() + text[1:]).rstrip(".?!")
    return text + ("?" if question else ".")


def listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def imperative(label: str) -> str:
    """A label such as `Sets an agenda and asks permission` as something to do: `set an agenda and ask permission`."""
    first, _, rest = label.partition(" ")
    if not re.fullmatch(r"[A-Z][a-z]+s", first):
        return lower_first(label)
    rest = re.sub(rf"\b(and|or|then) ({_VERBS})s\b", r"\1 \2", rest)
    return f"{_base(first.lower())} {rest}".strip()


_VERBS = (
    "ask|say|give|state|explain|name|offer|tell|show|mention|set|keep|admit|warn|look|check|propose|agree|take|use|get"
)


def _base(verb: str) -> str:
    """`asks` to `ask`, `discusses` to `discuss`, `clarifies` to `clarify`."""
    if verb.endswith("ies"):
        return verb[:-3] + "y"
    return verb[:-2] if verb.endswith(("sses", "shes", "ches", "xes", "oes")) else verb[:-1]


def lower_first(text: str) -> str:
    """The text with a small first letter, unless it begins with an abbreviation or with `I`."""
    first = text.split(" ", 1)[0]
    stays = (len(text) > 1 and text[1].isupper()) or re.fullmatch(r"I(?:['’]\w+)?,?", first)
    return text if stays else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def points(number: float) -> str:
    """`12.5 points`; one is written `1.0 points`, so that it can stand where many do."""
    return f"{'1.0' if number == 1 else f'{number:g}'} points"


def counted(count: int, noun: str) -> str:
    """`1 check`, `12 checks`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _brief(brief: Mapping[str, Any]) -> BuyerBrief | None:
    try:
        return BuyerBrief.model_validate(brief)
    except ValidationError:
        return None
