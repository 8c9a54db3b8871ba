"""Settings of this installation, as the voice and buyer packages take them."""

from __future__ import annotations

from django.conf import settings
from pydantic import SecretStr

from parley.buyer import LLMSettings
from parley.voice.settings import VoiceSettings


def voice_settings() -> VoiceSettings:
    """How ears and mouth are set up here."""
    return VoiceSettings(
        data_dir=settings.DATA_DIR / "voice",
        whisper_model=settings.WHISPER_MODEL,
        piper_voice=settings.PIPER_VOICE,
        deepgram_api_key=_secret(settings.DEEPGRAM_API_KEY),
        elevenlabs_api_key=_secret(settings.ELEVENLABS_API_KEY),
        max_calls=settings.CALLS_PER_PROCESS,
        render_ahead=settings.RENDER_AHEAD,
        allowed_origins=tuple(settings.CSRF_TRUSTED_ORIGINS),
    )


def llm_settings() -> LLMSettings | None:
    """The language model that plays the buyer, when a key or an address names one; else the scripted buyer does."""
    if not (settings.OPENAI_API_KEY or settings.LLM_BASE_URL):
        return None
    return LLMSettings(
        model=settings.LLM_MODEL,
        base_url=settings.LLM_BASE_URL or None,
        api_key=settings.OPENAI_API_KEY or None,
    )


def _secret(value: str) -> SecretStr | None:
    return SecretStr(value) if value else None
