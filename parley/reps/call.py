"""Holds a call between a simulated rep and a buyer, and writes it down as a transcript with simulated times.

Utterances are marked `simulated`: unlike typed practice they have times, so pace, patience, fillers and interruptions
are measured; nobody spoke them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from parley.buyer.protocol import Buyer, EndReason, ReplyPart, RepTurn
from parley.reps.dice import Dice
from parley.reps.hearing import Heard
from parley.reps.policy import Said, SimulatedRep
from parley.reps.skill import Level, Skill, skill_of
from parley.reps.speaking import TimedWord, speak, with_fillers, words_until
from parley.reps.wording import RepWording
from parley.scenarios.playbook import Playbook

BUYER_WORDS_PER_MINUTE = 158.0
BUYER_GAP_S = 0.7
"""How long the buyer takes to answer."""
MOST_TURNS = 45
TALK_OVER_S = (0.5, 1.4)
"""How long before the buyer's last word an interrupting rep begins."""
HEARD_ENOUGH = 0.6
"""Share of a sentence after which the rep has understood it."""
LEAST_TO_CUT_S = 2.5


@dataclass(slots=True)
class Exchange:
    """One turn of the rep with the buyer's reply to it."""

    said: list[Said]
    reply: list[ReplyPart]


@dataclass(slots=True)
class SimulatedCall:
    """A call as it went. `transcript` has the shape of the transcript contract."""

    transcript: list[dict[str, Any]] = field(default_factory=list)
    opening: list[ReplyPart] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    ended: EndReason | None = None
    """Why the buyer hung up; none when the rep did."""

    @property
    def buyer_sentences(self) -> list[str]:
        return [p.text for p in self.opening] + [p.text for exchange in self.exchanges for p in exchange.reply]


async def hold_call(
    buyer: Buyer,
    playbook: Playbook,
    *,
    level: Level,
    seed: int,
    paraphrased: bool = False,
    lets_finish: bool = False,
    buyer_pace: float = 1.0,
    time_limit_s: float = 900.0,
) -> SimulatedCall:
    """A whole call. The same buyer, playbook, level and seed give the same call.

    A rep who `lets_finish` never talks over the buyer, as reps who really speak do not.
    """
    dice = Dice(f"{seed}|{level}")
    skill = skill_of(level, dice)
    if lets_finish:
        skill = replace(skill, interrupts=0.0)
    rep = SimulatedRep(playbook, skill, dice, RepWording(dice, paraphrased=paraphrased))
    return await _Holder(buyer, rep, skill, dice, buyer_pace).hold(time_limit_s)


class SpeakingRep:
    """A simulated rep who really speaks: hears what the buyer said, gives the words of each turn, fillers and all."""

    def __init__(self, playbook: Playbook, *, level: Level, seed: int) -> None:
        self._dice = Dice(f"{seed}|{level}")
        self.skill = skill_of(level, self._dice)
        self._rep = SimulatedRep(playbook, self.skill, self._dice, RepWording(self._dice))
        self._turns = 0

    def turn(self, text: str, tags: Sequence[str], *, over: bool) -> str | None:
        """What the rep says to this; None when it hangs up."""
        said = self._rep.turn(Heard(text, tuple(tags), over))
        if not said:
            return None
        words = with_fillers(
            " ".join(one.text for one in said), self.skill.fillers_per_100_words, self._dice, self._turns
        )
        self._turns += 1
        return words


class _Holder:
    """Keeps the clock of one call."""

    def __init__(self, buyer: Buyer, rep: SimulatedRep, skill: Skill, dice: Dice, buyer_pace: float) -> None:
        self._buyer, self._rep, self._skill, self._dice = buyer, rep, skill, dice
        self._buyer_wpm = BUYER_WORDS_PER_MINUTE * buyer_pace
        self._clock_s = 0.5
        self._call = SimulatedCall()

    async def hold(self, time_limit_s: float) -> SimulatedCall:
        call = self._call
        call.opening = self._buyer.open()
        heard, words = self._buyer_speaks(call.opening)
        for n in range(MOST_TURNS):
            starts_s, interrupted, heard = self._takes_the_floor(n, heard, words, last=self._last_parts())
            said = self._rep.turn(heard)
            if not said:
                break
            turn = self._rep_speaks(" ".join(one.text for one in said), n, starts_s, interrupted)
            reply = [part async for part in self._buyer.reply(turn)]
            call.exchanges.append(Exchange(said, reply))
            call.ended = next((part.ends_call for part in reply if part.ends_call), None)
            heard, words = self._buyer_speaks(reply)
            if call.ended or self._clock_s > time_limit_s:
                break
        for i, utterance in enumerate(call.transcript):
            utterance["i"] = i
        return call

    def _last_parts(self) -> list[ReplyPart]:
        return self._call.exchanges[-1].reply if self._call.exchanges else self._call.opening

    def _takes_the_floor(
        self, n: int, heard: Heard, words: list[TimedWord], *, last: list[ReplyPart]
    ) -> tuple[float, bool, Heard]:
        """When the rep begins, whether it cuts the buyer off, and what it has heard by then."""
        lasts_s = words[-1].end - words[0].start if words else 0.0
        if heard.over or lasts_s < LEAST_TO_CUT_S or not self._dice.happens(self._skill.interrupts, "interrupts", n):
            pause = self._skill.pause_s * (0.7 + 0.6 * self._dice.at("pause", n).random())
            return self._clock_s + pause, False, heard
        low, high = TALK_OVER_S
        starts_s = words[-1].end - (low + (high - low) * self._dice.at("over", n).random())
        out = words_until(words, starts_s + 0.2)
        text = " ".join(word.w for word in out)
        utterance = self._call.transcript[-1]
        parts = _heard_parts(last, len(out))
        utterance |= {
            "text": text,
            "end": round(starts_s + 0.2, 2),
            "heard_until": round(starts_s + 0.2, 2),
            "words": [word.as_dict() for word in out],
            "tags": [*dict.fromkeys(tag for part in parts for tag in part.tags), "cut"],
        }
        self._buyer.heard(text)
        return starts_s, True, Heard.of(parts)

    def _rep_speaks(self, text: str, n: int, starts_s: float, interrupted: bool) -> RepTurn:
        text = with_fillers(text, self._skill.fillers_per_100_words, self._dice, n)
        pace = self._skill.words_per_minute * (0.96 + 0.08 * self._dice.at("pace", n).random())
        words = speak(text, starts_s, pace)
        self._clock_s = words[-1].end
        self._write("rep", text, words)
        return RepTurn(text, starts_s, self._clock_s, interrupted=interrupted)

    def _buyer_speaks(self, parts: list[ReplyPart]) -> tuple[Heard, list[TimedWord]]:
        if not parts:
            return Heard("", ()), []
        text = " ".join(part.text for part in parts)
        words = speak(text, self._clock_s + BUYER_GAP_S, self._buyer_wpm)
        self._clock_s = words[-1].end
        self._write("buyer", text, words)
        tags = list(dict.fromkeys(tag for part in parts for tag in part.tags))
        self._call.transcript[-1] |= {"heard_until": round(self._clock_s, 2), "tags": tags}
        return Heard.of(parts), words

    def _write(self, speaker: str, text: str, words: list[TimedWord]) -> None:
        self._call.transcript.append(
            {
                "i": len(self._call.transcript),
                "speaker": speaker,
                "start": round(words[0].start, 2),
                "end": round(words[-1].end, 2),
                "text": text,
                "words": [word.as_dict() for word in words],
                "source": "simulated",
            }
        )


def _heard_parts(parts: list[ReplyPart], words: int) -> list[ReplyPart]:
    """The sentences of a reply of which enough was heard when only its first words were."""
    kept = []
    for part in parts:
        length = len(part.text.split())
        if words < HEARD_ENOUGH * length:
            break
        kept.append(part)
        words -= length
    return kept
