"""Understands what a rep says against one scenario: stems, synonyms, numbers in words, questions and statements.

No model and no chance: the same words always read the same.
"""

from parley.buyer.matcher.reading import Handling, Matcher, Reading, Understood, matcher_for

__all__ = ["Handling", "Matcher", "Reading", "Understood", "matcher_for"]
