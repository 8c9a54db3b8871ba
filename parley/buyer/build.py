"""Which buyer plays a call."""

from __future__ import annotations

from parley.buyer.brief import BuyerBrief
from parley.buyer.protocol import Buyer
from parley.buyer.scripted import ScriptedBuyer
from parley.buyer.settings import LLMSettings


def build_buyer(brief: BuyerBrief, llm: LLMSettings | None = None) -> Buyer:
    """The buyer for one call: the LLM buyer when a model is configured, else the scripted buyer."""
    if llm is None:
        return ScriptedBuyer(brief)
    from parley.buyer.llm import LLMBuyer  # the model client takes half a second to import; scripted calls go without

    return LLMBuyer(brief, llm)
