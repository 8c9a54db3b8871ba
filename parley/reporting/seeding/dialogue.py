"""One conversation of 60 to 100 utterances, as a rep of a given skill would hold it in a given scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from parley.scenarios.compliance import pack_for
from parley.scenarios.pack import ScenarioFile
from parley.scenarios.rubric import compile_rubric

MIN_UTTERANCES, MAX_UTTERANCES = 60, 100
_WORDS_PER_S = 2.5
_FILLERS = ("um,", "uh,", "you know,", "like,", "so, um,")
_ACKNOWLEDGED = ("Got it.", "That makes sense.", "I hear you.", "Thanks for telling me.", "Okay.")
_FLAT = ("Okay.", "Right.", "Sure.", "Alright.")
_PITCH = (
    "We have been doing this for a long time and people who come to us are happy with what they get in the end.",
    "We have many programs and I can send you a flyer with all of them so that you have it in one place.",
    "Everybody says that, but what counts in the end is service and we are known for it all over the state.",
)
_BUYER_ASIDE = ("Go on.", "I see.", "Hm, okay.", "Fair enough.", "That's good to know.", "I'm listening.")


def rubric_of(file: ScenarioFile) -> dict[str, Any]:
    """The compiled rubric as it is frozen on attempts."""
    return compile_rubric(file).model_dump(mode="json")


def converse(file: ScenarioFile, *, skill: float, seed: int) -> list[dict[str, Any]]:
    """A transcript (contracts.md) of a rep with skill 0..1; the same seed gives the same words and times."""
    talk = _Talk(file, rubric_of(file), skill, Random(f"{file.key}:{skill:.3f}:{seed}"))  # noqa: S311 - reproducible, not secret
    talk.hold()
    return talk.utterances


@dataclass
class _Talk:
    file: ScenarioFile
    rubric: dict[str, Any]
    skill: float
    rng: Random
    utterances: list[dict[str, Any]] = field(default_factory=list)
    at: float = 0.4

    def hold(self) -> None:
        branching = self.file.branching
        target = self.rng.randint(MIN_UTTERANCES + 8, MAX_UTTERANCES - 8)
        self.buyer(self.rng.choice(branching.opening), "opening")
        self.open()
        topics = list(branching.topics)
        self.rng.shuffle(topics)
        # Skilled reps ask what discovery needs first; others ask what comes to mind.
        topics.sort(key=lambda topic: not topic.discovery and self.rng.random() < self.skill)
        objections = list(branching.objections)
        raised_at = {(n + 1) * target // (len(objections) + 2): objection for n, objection in enumerate(objections)}
        motive_told = False
        while len(self.utterances) < target:
            due = [n for n in raised_at if n <= len(self.utterances)]
            if due:
                self.object(raised_at.pop(due[0]))
            elif topics and (self.chance(0.15 + 0.8 * self.skill) or len(topics) > target):
                topic = topics.pop(0)
                self.rep(self.rng.choice(topic.ask).rstrip("?.") + "?")
                self.buyer(self.rng.choice(topic.says), f"topic:{topic.id}")
                if not motive_told and topic.opens_motive and self.chance(self.skill):
                    motive_told = True
                    self.rep("What would that mean for you?")
                    self.buyer(self.rng.choice(branching.motive.says), "motive")
            elif self.chance(0.05 + 0.6 * self.skill) and self.phrases():
                self.rep(self.rng.choice(self.phrases()) + ".")
                self.buyer(self.rng.choice(_BUYER_ASIDE))
            else:
                self.rep(self.rng.choice(_PITCH))
                self.buyer(self.rng.choice(_BUYER_ASIDE))
        if self.chance(0.22 * (1 - self.skill)):
            self.forbidden()
        self.close()

    def open(self) -> None:
        said = ["Hi, my name is Dana, thanks for your time."]
        for chance, words in (
            (0.25 + 0.7 * self.skill, "I'm with Summit Home Loans, NMLS one two three four five six."),
            (0.15 + 0.8 * self.skill, "Just so you know, this call is recorded."),
            (0.9 * self.skill, "Is it okay if I ask you a few questions first, and then we look at numbers together?"),
        ):
            if self.chance(chance):
                said.append(words)
        self.rep(" ".join(said))
        self.buyer("Sure.", "small_talk:greeting")

    def object(self, objection: Any) -> None:
        self.buyer(self.rng.choice(objection.lines), f"objection:{objection.tag}")
        said: list[str] = []
        if self.chance(0.1 + 0.85 * self.skill):
            said.append("I understand, that makes sense.")
        explores = self.chance(0.9 * self.skill)
        if explores:
            said.append(self.rng.choice(objection.resolve.explore).rstrip("?.").capitalize() + "?")
            self.rep(" ".join(said))
            self.buyer(self.rng.choice(objection.outcomes.explored), f"explored:{objection.tag}")
            said = []
        if self.chance(0.05 + 0.9 * self.skill):
            ideas = [self.rng.choice(list(idea)) for idea in objection.resolve.answer]
            said.append(". ".join(idea.rstrip(".").capitalize() for idea in ideas) + ".")
            if self.chance(self.skill):
                said.append("Does that answer your question?")
            self.rep(" ".join(said))
            self.buyer(self.rng.choice(objection.outcomes.answered), f"resolved:{objection.tag}")
        elif said or not explores:
            self.rep(" ".join([*said, self.rng.choice(_PITCH)]))
            self.buyer(self.rng.choice(objection.outcomes.dodged), f"dodged:{objection.tag}")

    def close(self) -> None:
        goal = self.rubric["goal"]
        if not self.chance(0.15 + 0.8 * self.skill):
            self.rep("Well, think about it and give me a call.")
            self.buyer("Okay. Bye.", "closing:rep_ended")
            return
        dated = " How about Thursday at ten?" if self.chance(0.2 + 0.75 * self.skill) else ""
        self.rep(self.rng.choice(goal["ask"]).capitalize().rstrip("?.") + "?" + dated)
        if self.chance(0.15 + 0.8 * self.skill):
            self.buyer(self.rng.choice(goal["accept"]), f"goal:{goal['id']}")
        else:
            self.buyer("I need to think about it first.", f"hesitate:{goal['id']}")
        self.rep("Thank you for your time, talk soon.")
        self.buyer("Bye.", "closing:goal")

    def phrases(self) -> list[str]:
        return [str(form) for phrase in self.rubric["phrases"] for form in phrase["say"][:2] if "…" not in form]

    def forbidden(self) -> None:
        forms = [
            f"Honestly, {form}, you can count on me." for rule in self.rubric["forbidden"] for form in rule["say"][:1]
        ]
        used = self.rubric.get("compliance_pack") or {}
        if pack := pack_for(used.get("id", "")):
            applied = {check["id"] for check in self.rubric["compliance"]}
            forms += [check.broken_by for check in pack.checks if check.id in applied and check.kind == "never"]
        if forms:
            self.rep(self.rng.choice(forms))
            self.buyer("Is that so?")

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def rep(self, text: str) -> None:
        if len(self.utterances) > 2 and self.chance(0.5):
            text = f"{self.rng.choice(_ACKNOWLEDGED if self.chance(self.skill) else _FLAT)} {text}"
        while self.chance(0.42 * (1 - self.skill) + 0.03):
            text = f"{self.rng.choice(_FILLERS).capitalize()} {text}"
        gap = self.rng.uniform(0.4, 1.1) if self.chance(0.86 + 0.13 * self.skill) else self.rng.uniform(-1.6, -0.5)
        self.say("rep", text, gap, self.rng.uniform(0.85, 1.25))

    def buyer(self, text: str, *tags: str) -> None:
        self.say("buyer", text, self.rng.uniform(0.3, 0.9), self.rng.uniform(0.9, 1.1), tags)

    def say(self, speaker: str, text: str, gap: float, pace: float, tags: Sequence[str] = ()) -> None:
        start = max(0.0, self.at + gap, self.utterances[-1]["start"] + 0.3 if self.utterances else 0.0)
        if self.utterances and start < self.at:
            # The one before was cut off: it was heard until a moment after.
            self.utterances[-1]["heard_until"] = round(min(self.at, start + 0.2), 2)
        end = start + max(0.4, len(text.split()) / (_WORDS_PER_S * pace))
        self.at = end
        utterance = {
            "i": len(self.utterances),
            "speaker": speaker,
            "start": round(start, 2),
            "end": round(end, 2),
            "text": text,
            "sentiment": _sentiment(text),
            "source": "pass" if speaker == "rep" else "live",
        }
        if tags:
            utterance["tags"] = list(tags)
        self.utterances.append(utterance)


@cache
def _analyzer() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()


@cache
def _sentiment(text: str) -> float:
    return float(_analyzer().polarity_scores(text)["compound"])
