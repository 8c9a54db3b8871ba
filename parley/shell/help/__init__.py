"""The project's documentation as pages of the app, and the search over it."""

from __future__ import annotations

from parley.shell.help.docs import Doc, find_doc, get_shelves
from parley.shell.help.search import Found, search_help

__all__ = ["Doc", "Found", "find_doc", "get_shelves", "search_help"]
