"""The calls of the fairness benchmark: what a poor, a middling and a good rep say, and the buyer's part.

    .venv/bin/python -m benchmarks.hearing.scripts

writes `benchmarks/data/fairness.json` anew from the simulated reps. It is committed, so that the benchmark stays the
same when they change.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from parley.reps.skill import Level

FILE = Path(__file__).resolve().parents[1] / "data" / "fairness.json"
CALLS: dict[str, dict[str, tuple[Level, int]]] = {
    "S04": {"poor": ("weak", 21), "middling": ("fair", 40), "good": ("excellent", 9)},
    "S01": {"poor": ("weak", 5), "middling": ("fair", 10), "good": ("excellent", 31)},
    "S07": {"poor": ("weak", 2), "middling": ("fair", 16), "good": ("excellent", 4)},
}
"""Level and seed of the shortest call in which the rep speaks eight times or more."""


def read() -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Transcripts by scenario and rep."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def write() -> None:
    from parley.scenarios.pack import find_scenario
    from parley.scoring.evals.run import hold_calls
    from parley.scoring.evals.subject import subject_of_file

    found = {
        code: {
            rep: [
                {key: value for key, value in said.items() if key != "words" or said["speaker"] == "rep"}
                for call in hold_calls(subject_of_file(find_scenario(code)), [(level, seed)])
                for said in call.transcript
            ]
            for rep, (level, seed) in reps.items()
        }
        for code, reps in CALLS.items()
    }
    FILE.write_text(json.dumps(found, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
