"""Local speech recognition: a quick pass for the live call and a careful one for the transcript of record.

Audio is float32 mono at 16 000 Hz in -1..1 throughout.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_suppressed_tokens, merge_punctuations

from parley.voice.levels import sounding_s
from parley.voice.repeats import collapse_repeats, repeats_itself, said_once, without_second_beginning

Floats = npt.NDArray[np.float32]
RATE = 16_000

PROMPT = (
    "Uh, hello. Um, a loan, um, the escrow account, uh, the APR, points, er, closing costs, equity, uh, pre-approval, "
    "PMI, a loan estimate. So, um, let me, uh, think."
)
"""Shows Whisper the style to write in: it keeps the fillers it sees here, dropped otherwise, and the trade's words."""

MARGIN_S = 3.0
"""Silence after the speech that the encoder still sees. Below about 3 s the decoder repeats instead of stopping."""
MIN_CONTEXT_S = 6.0
MAX_CONTEXT_S = 30.0
NO_SPEECH = 0.4
"""Steady noise gives 0.46 to 0.89, a lone filler in noise up to 0.25: between them lies what the decoder makes up."""
SURE = 0.84
"""Above this confidence about one word in thirty is wrong, below it soon one in six (docs/reference/hearing.md)."""
SLOWER = (0.92, 0.85)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a recogniser heard in one stretch of speech. Word times are seconds from the start of that stretch.

    `confidence` is 0..1: the geometric mean of the probabilities of what was written.
    """

    text: str
    words: list[tuple[str, float, float]] = field(default_factory=list)
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class _Hearing:
    """One decoding. `encoded` is what the encoder made of the audio."""

    text: str
    confidence: float
    encoded: Any
    frames: int


@lru_cache(maxsize=4)
def _tokenizer(model: WhisperModel) -> tuple[Tokenizer, tuple[int, ...], tuple[int, ...]]:
    tokenizer = Tokenizer(model.hf_tokenizer, model.model.is_multilingual, "transcribe", "en")
    prompt = (tokenizer.sot_prev, *tokenizer.encode(" " + PROMPT), *tokenizer.sot_sequence)
    return tokenizer, prompt, tuple(get_suppressed_tokens(tokenizer, (-1,)))


def transcribe_short(model: WhisperModel, audio: Floats) -> Heard:
    """Recognise one stretch of live speech in about 0.1 s; empty when it holds no words.

    The encoder sees only the speech and `MARGIN_S` of silence instead of Whisper's fixed 30 s (628 ms, measured).
    Timestamps stay on in the decoder: with them it stops at the end of speech instead of repeating itself.
    """
    hearing = _hear(model, audio, beam_size=1)
    return Heard(without_second_beginning(hearing.text), confidence=hearing.confidence)


def transcribe_carefully(model: WhisperModel, audio: Floats) -> Heard:
    """Recognise one utterance of at most 30 s for the record: wide beam, fillers kept, a time for every word.

    About 0.4 s. When that hearing is unsure or repeats itself the same is heard again, slower, up to twice until one
    is sure, and the most confident hearing counts. It keeps the short context too: over 30 s of silence tiny.en adds
    "Thank you for watching".
    """
    hearings = [_hear(model, audio, beam_size=5)]
    first = hearings[0]
    for speed in SLOWER:
        if not first.text or _is_sure(hearings[-1]):
            break
        hearings.append(_hear(model, _at_speed(audio, speed), beam_size=5))
    best = _best_of(hearings)
    if not best.text:
        return Heard("", confidence=best.confidence)
    words = _timed(model, first, best.text, len(audio) / RATE)
    said = said_once(words)
    text = best.text if said == len(words) else " ".join(w for w, _, _ in words[:said])
    return Heard(text, words[:said], best.confidence)


def _is_sure(hearing: _Hearing) -> bool:
    return bool(hearing.text) and hearing.confidence >= SURE and not repeats_itself(hearing.text)


def _best_of(hearings: Sequence[_Hearing]) -> _Hearing:
    """The most confident hearing, one that does not repeat itself if there is one nearly as confident."""
    best = max(hearings, key=lambda h: (bool(h.text), h.confidence))
    if repeats_itself(best.text):
        once = [h for h in hearings if h.confidence > 0.6 * best.confidence and not repeats_itself(h.text)]
        best = max(once, key=lambda h: h.confidence, default=best)
    return best


def _at_speed(audio: Floats, speed: float) -> Floats:
    return np.asarray(soxr.resample(audio, RATE * speed, RATE), dtype=np.float32)


def _hear(model: WhisperModel, audio: Floats, *, beam_size: int) -> _Hearing:
    said_s = len(audio) / RATE
    seconds = min(MAX_CONTEXT_S, max(MIN_CONTEXT_S, said_s + MARGIN_S))
    samples = int(seconds * RATE)
    padded = np.pad(audio[:samples], (0, max(0, samples - len(audio))))
    features = model.feature_extractor(padded, padding=0)[:, : int(seconds * 100) // 2 * 2]
    encoded = model.encode(features)
    tokenizer, prompt, suppressed = _tokenizer(model)
    result = model.model.generate(
        encoded,
        [list(prompt)],
        beam_size=beam_size,
        max_length=min(448, len(prompt) + 12 + int(said_s * 9)),
        suppress_blank=True,
        suppress_tokens=list(suppressed),
        max_initial_timestamp_index=50,
        return_scores=True,
        return_no_speech_prob=True,
    )[0]
    confidence = float(np.exp(result.scores[0]))
    written = tokenizer.decode([token for token in result.sequences_ids[0] if token < tokenizer.eot]).strip()
    text = collapse_repeats(written, min(said_s, sounding_s(audio) + 0.2))
    looping = repeats_itself(written)
    if is_noise(text) or (result.no_speech_prob > NO_SPEECH and (confidence < 0.6 or looping)):
        text = ""
    return _Hearing(text, confidence, encoded, min(features.shape[1], int(said_s * 100)))


def _timed(model: WhisperModel, hearing: _Hearing, text: str, said_s: float) -> list[tuple[str, float, float]]:
    """The words of `text` with their times in the audio of `hearing`, seconds."""
    tokenizer = _tokenizer(model)[0]
    timed = model.find_alignment(tokenizer, [tokenizer.encode(" " + text)], hearing.encoded, hearing.frames)[0]
    merge_punctuations(timed, "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、")
    return _whole_words(timed, said_s)


def _whole_words(timed: Sequence[dict[str, Any]], said_s: float) -> list[tuple[str, float, float]]:
    """Words with times, fragments such as `6` `.8` joined: a fragment that opens a word begins with a space."""
    words: list[tuple[str, float, float]] = []
    for fragment in timed:
        text, end = fragment["word"], min(said_s, float(fragment["end"]))
        if words and text.strip() and not text.startswith(" "):
            words[-1] = (words[-1][0] + text.strip(), words[-1][1], end)
        elif text.strip():
            words.append((text.strip(), min(said_s, float(fragment["start"])), end))
    return words


def is_noise(text: str) -> bool:
    """Whisper writes breath and noise as dots, notes or bracketed remarks; those are not words."""
    bare = re.sub(r"\[[^\]]*\]|\([^)]*\)|[^\w]", "", text)
    return not bare
