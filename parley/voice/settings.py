"""How the voice part is set up. The caller reads the environment; nothing here does."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr


def _calls_this_machine_can_hold() -> int:
    """Two calls per two cores: measured at 728 ms voice to voice; four calls take 1.1 s and more."""
    return max(2, os.cpu_count() or 2)


class VoiceSettings(BaseModel):
    """Everything that `create_voice_app` and `VoiceModels.load` need to know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data_dir: Path = Field(description="Where rendered lines and fetched models are kept, usually var/voice.")
    whisper_model: str = Field(
        default="",
        description="PARLEY_WHISPER_MODEL: a folder with a CTranslate2 Whisper model, or the name of a fetched one "
        "(base.en, small.en). Empty: the bundled tiny.en.",
    )
    piper_voice: str = Field(
        default="",
        description="PARLEY_PIPER_VOICE: a Piper .onnx file with its .onnx.json beside it, or the name of a fetched "
        "one (en_US-amy-medium). Empty: the bundled en_US-joe-medium.",
    )
    deepgram_api_key: SecretStr | None = None
    deepgram_url: str = "https://api.deepgram.com"
    deepgram_model: str = "nova-3"
    elevenlabs_api_key: SecretStr | None = None
    elevenlabs_url: str = "https://api.elevenlabs.io"
    elevenlabs_model: str = "eleven_flash_v2_5"
    elevenlabs_voice_man: str = "JBFqnCBsd6RMkjVDRZzb"
    elevenlabs_voice_woman: str = "EXAVITQu4vr4xnSDxMaL"
    max_calls: int = Field(
        default_factory=_calls_this_machine_can_hold, ge=1, description="Live calls admitted at once."
    )
    cpu_threads: int = Field(default=0, ge=0, description="Threads per speech model; 0 picks by the number of cores.")
    render_ahead: bool = Field(default=True, description="Synthesise a scenario's fixed lines before they are needed.")
    cache_mb: int = Field(default=1024, ge=16, description="Rendered lines kept on disk; the oldest go first.")
    allowed_origins: tuple[str, ...] = Field(
        default=(), description="Extra Origin values a browser may call from; the server's own host is always allowed."
    )

    @property
    def lines_dir(self) -> Path:
        return self.data_dir / "lines"

    @property
    def models_dir(self) -> Path:
        return self.data_dir / "models"

    @property
    def threads(self) -> int:
        return self.cpu_threads or min(4, max(1, os.cpu_count() or 1))
