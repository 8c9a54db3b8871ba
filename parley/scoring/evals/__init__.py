"""The proof that a scenario's score ranks reps: simulated reps call its buyer, and the calls are scored."""

from __future__ import annotations

from parley.scoring.evals.figures import Figures, figures_of, spearman
from parley.scoring.evals.run import ScenarioResult, evaluate
from parley.scoring.evals.subject import EvalRefused, Subject, subject_of, subject_of_file

__all__ = [
    "EvalRefused",
    "Figures",
    "ScenarioResult",
    "Subject",
    "evaluate",
    "figures_of",
    "spearman",
    "subject_of",
    "subject_of_file",
]
