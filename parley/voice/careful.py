"""The second, careful recognition of the rep's words, done in idle moments of the call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from parley.voice.contracts import Utterance, Word
from parley.voice.recognise import Recogniser, floats
from parley.voice.whisper import Heard

if TYPE_CHECKING:
    from parley.voice.ears import Stretch

log = structlog.get_logger(__name__)
LOOK_EVERY_S = 0.05
AT_END_S = 20.0


@dataclass
class _Work:
    """One utterance: its stretches and what the careful pass heard in them so far."""

    i: int
    stretches: list[Stretch] = field(default_factory=list)
    heard: dict[float, Heard] = field(default_factory=dict)


class CarefulPass:
    """Replaces live texts of the rep by carefully recognised ones with word times, utterance by utterance.

    `may_work()` says that no caller waits for an answer. A stretch in which the careful pass hears nothing, or far
    less than the live one did, keeps its live words.
    """

    def __init__(
        self, recogniser: Recogniser, on_heard: Callable[[int, Utterance], None], may_work: Callable[[], bool]
    ) -> None:
        self._recogniser, self._on_heard, self._may_work = recogniser, on_heard, may_work
        self._works: dict[int, _Work] = {}
        self._queue: asyncio.Queue[tuple[_Work, Stretch]] = asyncio.Queue()
        self._hurry = False
        self._task = asyncio.create_task(self._run(), name="call-careful-pass")

    def add(self, i: int, stretch: Stretch) -> None:
        """Queue a stretch of utterance `i` (several stretches may belong to one utterance)."""
        work = self._works.setdefault(i, _Work(i))
        work.stretches.append(stretch)
        self._queue.put_nowait((work, stretch))

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
            work, stretch = await self._queue.get()
            try:
                while not self._hurry and not self._may_work():
                    await asyncio.sleep(LOOK_EVERY_S)
                heard = await self._recogniser.careful(floats(stretch.pcm))
                work.heard[stretch.start_s] = heard
                if len(work.heard) == len(work.stretches):
                    self._on_heard(work.i, _utterance(work))
            except Exception as error:
                log.warning("A stretch keeps its live words", error=repr(error))
            finally:
                self._queue.task_done()


def _utterance(work: _Work) -> Utterance:
    """The utterance of record from its stretches."""
    stretches = sorted(work.stretches, key=lambda s: s.start_s)
    texts: list[str] = []
    words: list[Word] = []
    careful = False
    for stretch in stretches:
        heard = work.heard[stretch.start_s]
        if not _plausible(heard.text, stretch.text):
            texts.append(stretch.text)
            words += _spread(stretch)
            continue
        careful = True
        texts.append(heard.text)
        words += [_word(w, stretch.pcm_from_s + a, stretch.pcm_from_s + b, stretch) for w, a, b in heard.words]
    return Utterance(
        i=work.i,
        speaker="rep",
        start=stretches[0].start_s,
        end=stretches[-1].end_s,
        text=" ".join(texts),
        words=words or None,
        heard_until=stretches[-1].end_s,
        source="pass" if careful else "live",
    )


def _plausible(careful: str, live: str) -> bool:
    """A careful text of half or twice the live one's words comes from noise or a looping decoder."""
    ours, theirs = len(careful.split()), len(live.split())
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
