"""Decides what the buyer does next: reads the rep's turn against the branching and answers with moves.

Both buyers share it. The scripted buyer puts its moves into the scenario's lines; the LLM buyer gets them as hints.
"""

from parley.buyer.dispatcher.plan import Dispatcher
from parley.buyer.dispatcher.tags import tags_for

__all__ = ["Dispatcher", "tags_for"]
