"""The proof that a scenario's score ranks reps: simulated reps call its buyer, and the calls are scored."""

from __future__ import annotations

from parley.scoring.evals.figures import Figures, figures_of, spearman
from parley.scoring.evals.run import EvalRefused, ScenarioResult, evaluate

__all__ = ["EvalRefused", "Figures", "ScenarioResult", "evaluate", "figures_of", "spearman"]
