"""Who the rep talks to: text in, text out.

Owns the brief of a call, the branching schema, the dispatcher, the scripted buyer and the LLM buyer.
Words: brief, persona, branching, topic, objection, motive, patience, closing, turn, reply.
Plain Python: no Django, no audio. Voice, typed practice and evals all use this one code. Records no events.
"""

from parley.buyer.brief import BuyerBrief
from parley.buyer.build import build_buyer
from parley.buyer.protocol import Buyer, EndReason, ReplyPart, RepTurn
from parley.buyer.scripted import ScriptedBuyer, fixed_lines
from parley.buyer.settings import LLMSettings

__all__ = [
    "Buyer",
    "BuyerBrief",
    "EndReason",
    "LLMSettings",
    "RepTurn",
    "ReplyPart",
    "ScriptedBuyer",
    "build_buyer",
    "fixed_lines",
]
