"""The remarks report: how well the scripted buyer answers what reps say.

`python -m parley.buyer.remarks --half held --json` puts each remark of one half to a fresh call of its scenario, in the
rep's second turn, and counts replies that are on topic and replies that fall back. The dev half is for tuning, the held
half is not (evals/remarks/README.md).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from parley.buyer.brief import BuyerBrief
from parley.buyer.protocol import RepTurn
from parley.buyer.scripted import ScriptedBuyer

REMARKS_DIR = Path(__file__).resolve().parents[2] / "evals" / "remarks"
HALVES = ("dev", "held")
MAX_FALLBACK_SHARE = 0.10
MIN_ON_TOPIC_SHARE = 0.90
_LOST = frozenset({"fallback", "unheard", "follow"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the buyer made of one remark."""

    scenario: str
    say: str
    expect: list[str]
    reply: str
    tags: list[str]
    on_topic: bool
    fell_back: bool


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one half. Shares are 0..1."""

    half: str
    remarks: int
    on_topic_share: float
    fallback_share: float
    named_the_words: bool
    """Every fallback reply repeats at least one of the rep's own words."""
    passed: bool


def read_half(half: str, folder: Path = REMARKS_DIR) -> Iterator[tuple[str, dict[str, Any]]]:
    """Scenario key and remark, for the odd lines (dev) or the even lines (held) of each file."""
    for path in sorted(folder.glob("*.yaml")):
        remarks: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
        for number, remark in enumerate(remarks, start=1):
            if (number % 2 == 0) == (half == "held"):
                yield path.stem, remark


def put(brief: BuyerBrief, say: str, expect: Sequence[str], *, scenario: str) -> Outcome:
    """One remark, put to a fresh call as the rep's second turn."""
    buyer = ScriptedBuyer(brief)
    buyer.open()
    list(buyer.answer(RepTurn("Hello, thanks for taking the time.", 2.0, 4.0)))
    parts = list(buyer.answer(RepTurn(say, 8.0, 12.0)))
    tags = list(dict.fromkeys(tag for part in parts for tag in part.tags))
    return Outcome(
        scenario=scenario,
        say=say,
        expect=list(expect),
        reply=" ".join(part.text for part in parts),
        tags=tags,
        on_topic=all(any(_meets(choice, tags) for choice in wanted.split("|")) for wanted in expect),
        fell_back=bool(_LOST & set(tags)),
    )


def _meets(wanted: str, tags: Sequence[str]) -> bool:
    if wanted == "goal":
        return any(tag.split(":")[0] in ("goal", "hesitate", "when") for tag in tags)
    return (wanted if ":" in wanted else f"topic:{wanted}") in tags


def report(half: str, outcomes: Sequence[Outcome]) -> Report:
    """The figures over all outcomes of a half."""
    count = len(outcomes) or 1
    on_topic = sum(o.on_topic for o in outcomes) / count
    fell_back = sum(o.fell_back for o in outcomes) / count
    named = all(_names_words(o) for o in outcomes if "fallback" in o.tags)
    passed = on_topic >= MIN_ON_TOPIC_SHARE and fell_back <= MAX_FALLBACK_SHARE and named
    return Report(half, len(outcomes), round(on_topic, 3), round(fell_back, 3), named, passed)


def _names_words(outcome: Outcome) -> bool:
    heard = set(outcome.say.lower().replace("?", "").split())
    return bool(heard & set(outcome.reply.lower().replace("?", "").replace(".", "").replace(",", "").split()))


def run(half: str, folder: Path = REMARKS_DIR, *, seed: int = 1) -> tuple[Report, list[Outcome]]:
    """The report of a half and each outcome behind it."""
    from parley.scenarios.pack import load_packs  # the library is above this package; only the report reaches up

    packs = {scenario.key: scenario for scenario in load_packs()}
    outcomes = [
        put(packs[key].buyer_brief(seed=seed), remark["say"], remark["expect"], scenario=key)
        for key, remark in read_half(half, folder)
    ]
    return report(half, outcomes), outcomes


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; status 1 when it misses its marks."""
    parser = argparse.ArgumentParser(prog="python -m parley.buyer.remarks", description=__doc__)
    parser.add_argument("--half", choices=HALVES, default="dev")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--show", action="store_true", help="list what went wrong")
    parser.add_argument("--folder", type=Path, default=REMARKS_DIR)
    options = parser.parse_args(arguments)
    figures, outcomes = run(options.half, options.folder)
    wrong = [o for o in outcomes if o.fell_back or not o.on_topic]
    out = sys.stdout
    if options.json:
        out.write(
            json.dumps({**asdict(figures), **({"wrong": [asdict(o) for o in wrong]} if options.show else {})}) + "\n"
        )
    else:
        out.write(
            f"{figures.half}: {figures.remarks} remarks, {figures.on_topic_share:.1%} on topic, "
            f"{figures.fallback_share:.1%} fell back, {'passed' if figures.passed else 'missed'}\n"
        )
        for o in wrong if options.show else ():
            out.write(f"- {o.scenario[:3]} {o.say!r} wants {o.expect}, got {o.tags}: {o.reply}\n")
    return 0 if figures.passed else 1


if __name__ == "__main__":
    raise SystemExit(main())
