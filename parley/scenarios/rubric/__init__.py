"""What a call is scored by: the rubric's published shape, the templates it starts from, and how a scenario compiles it.

No Django here, so that commands, evals and tests compile rubrics without a database.
"""

from __future__ import annotations

from parley.scenarios.compliance.check import ComplianceCheck
from parley.scenarios.rubric.compile import RubricError, compile_rubric, load_rubric, template_names
from parley.scenarios.rubric.measures import MEASURES, Measure
from parley.scenarios.rubric.model import (
    Band,
    Criterion,
    Filler,
    ForbiddenPhrase,
    Gate,
    GateWhen,
    Measured,
    PackUsed,
    RequiredPhrase,
    Rubric,
    RubricGoal,
    RubricMotive,
    RubricObjection,
    RubricOutcome,
    RubricTopic,
)
from parley.scenarios.rubric.schema import rubric_schema

__all__ = [
    "MEASURES",
    "Band",
    "ComplianceCheck",
    "Criterion",
    "Filler",
    "ForbiddenPhrase",
    "Gate",
    "GateWhen",
    "Measure",
    "Measured",
    "PackUsed",
    "RequiredPhrase",
    "Rubric",
    "RubricError",
    "RubricGoal",
    "RubricMotive",
    "RubricObjection",
    "RubricOutcome",
    "RubricTopic",
    "compile_rubric",
    "load_rubric",
    "rubric_schema",
    "template_names",
]
