"""A realistic, reproducible history: organisations, teams of different strength, reps who improve, months of attempts.

Conversations are composed from the shipped scenarios at several levels of skill, scored once by the real SQL functions,
and then dealt to reps by their skill on that day. The same seed gives the same history.
"""

from __future__ import annotations

from parley.reporting.seeding.history import SeedReport, seed_history

__all__ = ["SeedReport", "seed_history"]
