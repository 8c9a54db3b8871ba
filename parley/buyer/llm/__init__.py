"""The LLM buyer: a model speaks, the dispatcher directs, the script stands by."""

from parley.buyer.llm.buyer import LLMBuyer
from parley.buyer.llm.model import build_model
from parley.buyer.llm.prompt import PROMPT_VERSION

__all__ = ["PROMPT_VERSION", "LLMBuyer", "build_model"]
