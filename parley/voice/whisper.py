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
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_suppressed_tokens, merge_punctuations

from parley.voice.levels import sounding_s

Floats = npt.NDArray[np.float32]
RATE = 16_000

PROMPT = (
    "Um, so, uh, hi, this is, you know, um, calling about your mortgage, uh, the rate, the APR, escrow, points, "
    "pre-approval, closing costs, equity and the Loan Estimate."
)
"""Shows Whisper the style to write in: it keeps the fillers it sees here, dropped otherwise, and the trade's words."""

MARGIN_S = 3.0
"""Silence after the speech that the encoder still sees. Below about 3 s the decoder repeats instead of stopping."""
MIN_CONTEXT_S = 6.0
MAX_CONTEXT_S = 30.0
WORDS_PER_S_AT_MOST = 6.5
WORDS_PER_S_WHEN_REPEATING = 3.6
SHORTEST_PAIR_S = 0.05
"""Two words at the end that last no longer have no sound of their own."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a recogniser heard in one stretch of speech. Word times are seconds from the start of that stretch."""

    text: str
    words: list[tuple[str, float, float]] = field(default_factory=list)
    confidence: float = 1.0


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
    return _recognise(model, audio, beam_size=1, word_times=False)


def transcribe_carefully(model: WhisperModel, audio: Floats) -> Heard:
    """Recognise one utterance of at most 30 s for the record: wide beam, fillers kept, a time for every word.

    About 0.4 s. It keeps the short context too: over 30 s of silence tiny.en adds "Thank you for watching".
    """
    return _recognise(model, audio, beam_size=5, word_times=True)


def _recognise(model: WhisperModel, audio: Floats, *, beam_size: int, word_times: bool) -> Heard:
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
    tokens = [token for token in result.sequences_ids[0] if token < tokenizer.eot]
    confidence = float(np.exp(result.scores[0]))
    text = collapse_repeats(tokenizer.decode(tokens).strip(), min(said_s, sounding_s(audio) + 0.2))
    if is_noise(text) or (result.no_speech_prob > 0.6 and confidence < 0.6):
        return Heard("", confidence=confidence)
    if not word_times:
        return Heard(text, confidence=confidence)
    if text != tokenizer.decode(tokens).strip():
        tokens = tokenizer.encode(" " + text)
    timed = model.find_alignment(tokenizer, [tokens], encoded, min(features.shape[1], int(said_s * 100)))[0]
    merge_punctuations(timed, "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、")
    words = _whole_words(timed, said_s)
    said = _said_once(words)
    return Heard(text if said == len(words) else " ".join(w for w, _, _ in words[:said]), words[:said], confidence)


def _said_once(words: Sequence[tuple[str, float, float]]) -> int:
    """How many words to keep: repeats at the end that have no sound of their own are the decoder's."""
    keys = [re.sub(r"\W", "", w).lower() for w, _, _ in words]
    kept = len(words)
    while kept > 2 and _lasts(words[kept - 2 : kept]) < SHORTEST_PAIR_S:
        kept -= 1
    kept -= kept < len(words)
    size = 1
    while size <= kept // 2:
        last, before = slice(kept - size, kept), slice(kept - 2 * size, kept - size)
        if keys[last] == keys[before] and _lasts(words[last]) < 0.4 * _lasts(words[before]):
            kept, size = kept - size, 1
        else:
            size += 1
    return kept


def _lasts(words: Sequence[tuple[str, float, float]]) -> float:
    return words[-1][2] - words[0][1]


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


def collapse_repeats(text: str, seconds: float) -> str:
    """Cut a text in which the decoder looped, leaving it alone when it could have been said in `seconds` of sound.

    A person says a sentence twice now and then, at an ordinary pace; nobody says more than about six words a second.
    """
    words = text.split()
    keys = [re.sub(r"\W", "", w).lower() for w in words]
    if period := _loop_of(keys):
        return " ".join(words[:period])
    most = max(3, int(seconds * WORDS_PER_S_AT_MOST))
    too_many = len(words) > most
    too_fast = len(words) > max(4, seconds * WORDS_PER_S_WHEN_REPEATING)
    for size in range(len(words) // 2, 0, -1) if too_many or too_fast else ():
        if (size >= 3 or too_many) and keys[-size:] == keys[-2 * size : -size]:
            return collapse_repeats(" ".join(words[:-size]), seconds)
    for size in range(len(words) // 2, 1, -1) if too_fast else ():
        if keys[-size:] == keys[:size] and words[-size - 1].endswith((".", "?", "!")):
            return " ".join(words[:-size])  # it has begun again from the start
    if not too_many:
        return text
    for start in range(1, len(words)):
        for size in range(2, (len(words) - start) // 2 + 1):
            if keys[start : start + size] == keys[start + size : start + 2 * size]:
                return " ".join(words[: start + size])
    return " ".join(words[:most])


def _loop_of(keys: Sequence[str]) -> int:
    """Length of the run of words that fills a text four times or more, a decoder loop however slow; 0 for none."""
    for size in range(1, len(keys) // 4 + 1):
        if all(key == keys[at % size] for at, key in enumerate(keys)):
            return size
    return 0
