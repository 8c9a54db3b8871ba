"""Ears and mouth in the cloud, over plain HTTPS: Deepgram and ElevenLabs. The embedded ones step in when they fail.

Both are asked per stretch of speech and per clause, as the embedded models are, so the pipeline, the careful pass and
the kept lines work the same with either.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import httpx
import numpy as np
import soundfile
import structlog

from parley.buyer.brief import Persona
from parley.voice.lines import LineStore, line_key
from parley.voice.mouth import Synthesiser
from parley.voice.recognise import Floats, Recogniser
from parley.voice.settings import VoiceSettings
from parley.voice.whisper import RATE, Heard

log = structlog.get_logger(__name__)
QUICK_WITHIN_S = 2.5
CAREFUL_WITHIN_S = 10.0
SPEAK_WITHIN_S = 4.0
AHEAD_WITHIN_S = 30.0


class DeepgramRecogniser:
    """Deepgram's pre-recorded endpoint, fillers kept. `fallback` answers when it is slow or unreachable."""

    def __init__(
        self, settings: VoiceSettings, http: httpx.AsyncClient, fallback: Recogniser, on_trouble: Callable[[str], None]
    ) -> None:
        assert settings.deepgram_api_key is not None
        self._http, self._fallback, self._on_trouble = http, fallback, on_trouble
        self._url = f"{settings.deepgram_url.rstrip('/')}/v1/listen"
        self._params = {
            "model": settings.deepgram_model,
            "language": "en",
            "punctuate": "true",
            "filler_words": "true",
            "numerals": "true",
        }
        self._headers = {
            "Authorization": f"Token {settings.deepgram_api_key.get_secret_value()}",
            "Content-Type": "audio/wav",
        }
        self.name = f"deepgram {settings.deepgram_model}"

    async def quick(self, audio: Floats) -> Heard:
        try:
            return await self._listen(audio, QUICK_WITHIN_S)
        except (httpx.HTTPError, LookupError, ValueError, TypeError) as error:
            self._report(error)
            return await self._fallback.quick(audio)

    async def careful(self, audio: Floats) -> Heard:
        try:
            return await self._listen(audio, CAREFUL_WITHIN_S)
        except (httpx.HTTPError, LookupError, ValueError, TypeError) as error:
            self._report(error)
            return await self._fallback.careful(audio)

    async def _listen(self, audio: Floats, within_s: float) -> Heard:
        wav = io.BytesIO()
        soundfile.write(wav, np.clip(audio, -1, 1), RATE, format="WAV", subtype="PCM_16")
        answer = await self._http.post(
            self._url, params=self._params, headers=self._headers, content=wav.getvalue(), timeout=within_s
        )
        answer.raise_for_status()
        best = answer.json()["results"]["channels"][0]["alternatives"][0]
        words = [(w.get("punctuated_word") or w["word"], float(w["start"]), float(w["end"])) for w in best["words"]]
        return Heard(str(best["transcript"]).strip(), words, float(best.get("confidence", 1.0)))

    def _report(self, error: Exception) -> None:
        log.warning("Deepgram did not answer; the embedded recogniser did", error=repr(error))
        self._on_trouble("Deepgram did not always answer; the embedded recogniser covered those words.")


class ElevenLabsSynthesiser:
    """ElevenLabs in one of two voices. `fallback`, the embedded voice, speaks when it is slow or unreachable."""

    def __init__(
        self,
        settings: VoiceSettings,
        http: httpx.AsyncClient,
        store: LineStore,
        persona: Persona,
        fallback: Synthesiser,
        on_trouble: Callable[[str], None],
    ) -> None:
        assert settings.elevenlabs_api_key is not None
        self._http, self._store, self._fallback, self._on_trouble = http, store, fallback, on_trouble
        woman = persona.gender.lower().startswith(("w", "f"))
        self._voice = settings.elevenlabs_voice_woman if woman else settings.elevenlabs_voice_man
        self._model = settings.elevenlabs_model
        self._style = persona.voice
        self._url = f"{settings.elevenlabs_url.rstrip('/')}/v1/text-to-speech/{self._voice}"
        self._headers = {"xi-api-key": settings.elevenlabs_api_key.get_secret_value()}
        self.name = f"elevenlabs {self._model} {self._voice}"

    def cached(self, text: str) -> bytes | None:
        return self._store.get(line_key(text, self._style, self.name))

    async def speak(self, text: str) -> bytes:
        try:
            return await self._render(text, SPEAK_WITHIN_S)
        except (httpx.HTTPError, ValueError) as error:
            log.warning("ElevenLabs did not answer; the embedded voice did", error=repr(error))
            self._on_trouble("ElevenLabs did not always answer; the embedded voice spoke those words.")
            return await self._fallback.speak(text)

    async def render_ahead(self, text: str) -> None:
        if not self._store.has(line_key(text, self._style, self.name)):
            await self._render(text, AHEAD_WITHIN_S)

    async def _render(self, text: str, within_s: float) -> bytes:
        """16-bit mono PCM at 24 000 Hz, kept for the next time."""
        body = {
            "text": text,
            "model_id": self._model,
            "voice_settings": {"stability": 0.5, "similarity_boost": 0.75, "speed": min(1.2, self._style.pace)},
        }
        answer = await self._http.post(
            self._url, params={"output_format": "pcm_24000"}, headers=self._headers, json=body, timeout=within_s
        )
        answer.raise_for_status()
        pcm = answer.content[: len(answer.content) // 2 * 2]
        if not pcm:
            raise ValueError("an empty answer")
        self._store.put(line_key(text, self._style, self.name), pcm)
        return pcm
