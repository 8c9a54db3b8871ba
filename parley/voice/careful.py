"""The second, careful recognition of the rep's words, done in idle moments of the call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import structlog

from parley.voice.contracts import Utterance, Word
from parley.voice.recognise import Recogniser, floats
from parley.voice.repeats import repeats_itself
from parley.voice.whisper import Heard

if TYPE_CHECKING:
    from parley.voice.ears import Stretch

log = structlog.get_logger(__name__)
LOOK_EVERY_S = 0.05
AT_END_S = 20.0
RATE = 16_000
LONGEST_PAUSE_S = 1.5
LONGEST_PASSAGE_S = 15.0
WHEN_THEY_DIFFER = 0.5
"""The most that words are trusted of which the quick and the careful pass make something else."""


@dataclass
class _Work:
    """One utterance: its passages and what the careful pass heard in them so far."""

    passages: list[Stretch] = field(default_factory=list)
    heard: dict[float, Heard] = field(default_factory=dict)


class CarefulPass:
    """Replaces live texts of the rep by carefully recognised ones with word times, utterance by utterance.

    A turn is heard in one piece, its short pauses included: cut there, tiny.en invents an `uh` before the cut.
    `may_work()` says that no caller waits for an answer. A passage in which the careful pass hears nothing, or far less
    than the live one did, keeps its live words.
    """

    def __init__(
        self, recogniser: Recogniser, on_heard: Callable[[int, Utterance], None], may_work: Callable[[], bool]
    ) -> None:
        self._recogniser, self._on_heard, self._may_work = recogniser, on_heard, may_work
        self._works: dict[int, _Work] = {}
        self._queue: asyncio.Queue[tuple[int, Stretch]] = asyncio.Queue()
        self._hurry = False
        self._task = asyncio.create_task(self._run(), name="call-careful-pass")

    def add(self, i: int, stretches: Sequence[Stretch]) -> None:
        """Queue stretches of utterance `i`, in order; more of it may follow when the turn goes on."""
        work = self._works.setdefault(i, _Work())
        for passage in passages(stretches):
            work.passages.append(passage)
            self._queue.put_nowait((i, passage))

    async def finish(self) -> None:
        """Do what is left, now. What takes longer than 20 s keeps its live words."""
        self._hurry = True
        try:
            await asyncio.wait_for(self._queue.join(), AT_END_S)
        except TimeoutError:
            log.warning("The careful pass was not finished", left=self._queue.qsize())
        self._task.cancel()

    async def _run(self) -> None:
        while True:
            i, passage = await self._queue.get()
            work = self._works[i]
            try:
                while not self._hurry and not self._may_work():
                    await asyncio.sleep(LOOK_EVERY_S)
                work.heard[passage.start_s] = await self._recogniser.careful(floats(passage.pcm))
                if len(work.heard) == len(work.passages):
                    ordered = sorted(work.passages, key=lambda p: p.start_s)
                    self._on_heard(i, utterance_of_record(i, ordered, [work.heard[p.start_s] for p in ordered]))
            except Exception as error:
                log.warning("A passage keeps its live words", error=repr(error))
            finally:
                self._queue.task_done()


def passages(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Stretches joined over short pauses, silence filled in where none was kept; each at most 15 s long.

    No two stretches hold the same sound. Where their times overlap, because sound came late and silence was heard in
    its place, the times are wrong and the sound is kept whole.
    """
    joined: list[Stretch] = []
    for stretch in stretches:
        last = joined[-1] if joined else None
        if (
            last is None
            or stretch.start_s - last.end_s > LONGEST_PAUSE_S
            or stretch.end_s - last.pcm_from_s > LONGEST_PASSAGE_S
        ):
            joined.append(replace(stretch, pcm=bytearray(stretch.pcm)))
            continue
        missing = round((stretch.pcm_from_s - last.pcm_from_s) * RATE) - len(last.pcm) // 2
        last.pcm += bytes(max(0, missing) * 2) + stretch.pcm
        last.end_s, last.text = stretch.end_s, f"{last.text} {stretch.text}"
    return joined


def utterance_of_record(i: int, stretches: Sequence[Stretch], heard: Sequence[Heard]) -> Utterance:
    """The utterance of record from its passages, in order, and what the careful pass heard in each."""
    texts: list[str] = []
    words: list[Word] = []
    sure: list[float] = []
    careful = False
    for stretch, again in zip(stretches, heard, strict=True):
        if _plausible(again.text, stretch.text):
            careful = True
            texts.append(again.text)
            words += [_word(w, stretch.pcm_from_s + a, stretch.pcm_from_s + b, stretch) for w, a, b in again.words]
            confidence = again.confidence
        else:
            texts.append(stretch.text)
            words += _spread(stretch)
            confidence = min(again.confidence, WHEN_THEY_DIFFER)
        sure += [confidence] * len(texts[-1].split())
    return Utterance(
        i=i,
        speaker="rep",
        start=stretches[0].start_s,
        end=stretches[-1].end_s,
        text=" ".join(texts),
        words=words or None,
        heard_until=stretches[-1].end_s,
        confidence=round(sum(sure) / len(sure), 3) if sure else None,
        source="pass" if careful else "live",
    )


def _plausible(careful: str, live: str) -> bool:
    """Half or twice the live one's words come from noise or a looping decoder; so does what it alone repeats."""
    ours, theirs = len(careful.split()), len(live.split())
    if repeats_itself(careful) and not repeats_itself(live):
        return False
    return 0 < ours <= theirs * 1.6 + 1 and ours * 2 >= theirs


def _word(text: str, start_s: float, end_s: float, stretch: Stretch) -> Word:
    """A word within its stretch: Whisper stretches the first one over the silence before it."""
    start = min(max(start_s, stretch.start_s), stretch.end_s)
    return Word(w=text, start=round(start, 3), end=round(min(max(end_s, start), stretch.end_s), 3))


def _spread(stretch: Stretch) -> list[Word]:
    """Word times for live words: by length in letters over the stretch."""
    words = stretch.text.split()
    total = sum(len(w) + 1 for w in words) or 1
    at, span, timed = stretch.start_s, stretch.end_s - stretch.start_s, []
    for word in words:
        end = at + span * (len(word) + 1) / total
        timed.append(Word(w=word, start=round(at, 3), end=round(end, 3)))
        at = end
    return timed
