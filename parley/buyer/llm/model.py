"""The model at an address that speaks the OpenAI protocol, as the settings name it."""

from __future__ import annotations

from openai import AsyncOpenAI
from pydantic_ai.models import Model
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.openai import OpenAIProvider

from parley.buyer.settings import LLMSettings

OPENAI_URL = "https://api.openai.com/v1"
PLAIN = OpenAIModelProfile(supports_json_object_output=False)
"""What every server that speaks the protocol can do: some refuse JSON mode, so a schema stands in the prompt alone."""


def build_model(settings: LLMSettings) -> Model:
    """The model, asked once: whoever uses it decides whether to ask again."""
    client = AsyncOpenAI(
        api_key=settings.api_key or "none", base_url=settings.base_url or OPENAI_URL, max_retries=0, timeout=30.0
    )
    provider = OpenAIProvider(openai_client=client)
    return OpenAIChatModel(settings.model, provider=provider, profile=PLAIN if settings.base_url else None)
