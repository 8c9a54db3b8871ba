"""Which ears and which mouth a call gets: a cloud service whose key is set, else the embedded ones."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from parley.buyer.brief import Persona
from parley.voice.cloud import DeepgramRecogniser, ElevenLabsSynthesiser
from parley.voice.lines import LineStore
from parley.voice.models import VoiceModels
from parley.voice.mouth import PiperSynthesiser, Synthesiser
from parley.voice.recognise import Recogniser, WhisperRecogniser
from parley.voice.settings import VoiceSettings


class Providers:
    """Makes the ears and mouth of each call. One HTTP client serves them all; `close` it at the end."""

    def __init__(self, settings: VoiceSettings) -> None:
        self._settings = settings
        self._store = LineStore(settings.lines_dir, settings.cache_mb)
        self._http = httpx.AsyncClient()

    def recogniser(self, models: VoiceModels, on_trouble: Callable[[str], None]) -> Recogniser:
        """Deepgram when DEEPGRAM_API_KEY is set, else Whisper in this process."""
        local = WhisperRecogniser(models)
        if self._settings.deepgram_api_key is None:
            return local
        return DeepgramRecogniser(self._settings, self._http, local, on_trouble)

    def synthesiser(
        self, models: VoiceModels, persona: Persona, on_trouble: Callable[[str], None] = lambda text: None
    ) -> Synthesiser:
        """ElevenLabs when ELEVENLABS_API_KEY is set, else Piper in this process; both in the persona's voice."""
        local = PiperSynthesiser(models, self._store, persona.voice)
        if self._settings.elevenlabs_api_key is None:
            return local
        return ElevenLabsSynthesiser(self._settings, self._http, self._store, persona, local, on_trouble)

    def prune(self) -> int:
        """Drop the rendered lines used longest ago, down to the limit."""
        return self._store.prune()

    async def close(self) -> None:
        await self._http.aclose()
