"""What a review page shows of the scenario's exemplar call."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from parley.core.storage import sign_url
from parley.scoring.exemplars import BUCKET
from parley.scoring.models import Exemplar
from parley.scoring.parts import clock


@dataclass(frozen=True, slots=True)
class ExampleLine:
    """One utterance of the exemplar call."""

    speaker: str
    name: str
    clock: str
    text: str


@dataclass(frozen=True, slots=True)
class Earned:
    """What the exemplar call earned for one criterion."""

    label: str
    points: float
    weight: float


@dataclass(frozen=True, slots=True)
class Example:
    """The exemplar call beside a review. `url` opens its sound for a short time."""

    url: str
    duration_s: float
    score: float | None
    criteria: list[Earned]
    lines: list[ExampleLine]


def get_example(scenario_id: UUID, *, buyer_name: str) -> Example | None:
    """The exemplar call of this version of a scenario; None while there is none."""
    found = Exemplar.objects.filter(scenario_id=scenario_id).first()
    if found is None:
        return None
    names = {"rep": "Simulated rep", "buyer": buyer_name}
    return Example(
        url=sign_url(BUCKET, found.path),
        duration_s=found.duration_s,
        score=found.breakdown.get("total"),
        criteria=[
            Earned(c["label"], c["points"], c["weight"])
            for c in found.breakdown.get("criteria", [])
            if c.get("points") is not None
        ],
        lines=[ExampleLine(u["speaker"], names[u["speaker"]], clock(u["start"]), u["text"]) for u in found.transcript],
    )
