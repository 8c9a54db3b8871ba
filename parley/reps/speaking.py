"""How a simulated call sounds, in times and words alone: fillers, speaking rates, gaps, and talking over each other."""

from __future__ import annotations

from dataclasses import dataclass

from parley.reps.dice import Dice

FILLERS = ("um", "uh", "um", "er", "you know", "like", "I mean")
SENTENCE_PAUSE_S = 0.25
"""Between two sentences of one turn."""
_LONG_WORD_LETTERS = 5.0
"""Letters of a word of average length; a word's time goes by its letters, half of it whatever its length."""


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word with its times in seconds from call start."""

    w: str
    start: float
    end: float

    def as_dict(self) -> dict[str, object]:
        return {"w": self.w, "start": round(self.start, 2), "end": round(self.end, 2)}


def with_fillers(text: str, per_100_words: float, dice: Dice, *about: object) -> str:
    """The text with fillers between words, as often as the habit says."""
    source = dice.at("fillers", *about)
    said: list[str] = []
    for n, word in enumerate(text.split()):
        if n and source.random() < per_100_words / 100 and not _spelled(said[-1], word):
            filler = source.choice(FILLERS)
            ends = said[-1][-1] in ".!?"
            if not ends and said[-1][-1] != ",":
                said[-1] += ","
            said.append(f"{filler.capitalize() if ends else filler},")
        said.append(word)
    return " ".join(said)


def _spelled(before: str, word: str) -> bool:
    """Nobody hesitates inside `N M L S`."""
    return len(before) == 1 or len(word.strip(".,?!")) == 1


def speak(text: str, start_s: float, words_per_minute: float) -> list[TimedWord]:
    """The words with times: at this rate over the speech, with a short pause after each sentence."""
    words = text.split()
    weights = [0.5 + 0.5 * len(word) / _LONG_WORD_LETTERS for word in words]
    unit = len(words) * 60.0 / words_per_minute / sum(weights) if words else 0.0
    clock, timed = start_s, []
    for n, (word, weight) in enumerate(zip(words, weights, strict=True)):
        ends_sentence = word[-1] in ".!?" and n < len(words) - 1
        length = weight * unit
        pause = min(SENTENCE_PAUSE_S, 0.5 * length) if ends_sentence else 0.0
        timed.append(TimedWord(word, clock, clock + length - pause))
        clock += length
    return timed


def words_until(words: list[TimedWord], at_s: float) -> list[TimedWord]:
    """The words that were out before `at_s`."""
    return [word for word in words if word.end <= at_s]
