"""Which ears and which mouth a call gets: the embedded ones, or a cloud service whose key is set."""

from __future__ import annotations

from parley.buyer.brief import Persona
from parley.voice.lines import LineStore
from parley.voice.models import VoiceModels
from parley.voice.mouth import PiperSynthesiser, Synthesiser
from parley.voice.recognise import Recogniser, WhisperRecogniser
from parley.voice.settings import VoiceSettings


def recogniser_for(settings: VoiceSettings, models: VoiceModels) -> Recogniser:
    """Whisper in this process."""
    return WhisperRecogniser(models)


def synthesiser_for(settings: VoiceSettings, models: VoiceModels, store: LineStore, persona: Persona) -> Synthesiser:
    """Piper in this process, shaped to the persona."""
    return PiperSynthesiser(models, store, persona.voice)
