"""A draft laid over the scenario that the call was scored by: what the call does not tell is left to the author."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from parley.buyer.branching import Branching
from parley.buyer.brief import Persona
from parley.scenarios.rubric import load_rubric
from parley.scoring.drafting import CallDraft, DraftObjection

NAMELESS = "New Buyer"
TO_WRITE = "to be written by the author"
EXPLORE = ["what is behind that", "what makes you say that", "how did you come to that"]
ANSWER = ["here is how that works", "what I can do is this", "let us look at it together"]
FIRST_AFTER_TURN = 3


def build(base: Mapping[str, Any], draft: CallDraft) -> dict[str, Any]:
    """Persona, branching and rubric as JSON, valid as a whole. `base` has the same three of the scored scenario."""
    persona = copy.deepcopy(dict(base["persona"]))
    persona |= {"name": draft.name or NAMELESS, "work": TO_WRITE, "mood": draft.mood or persona["mood"]}
    persona |= {"hidden_motive": draft.motive or persona["hidden_motive"], "facts": draft.facts or persona["facts"]}
    branching, rubric = copy.deepcopy(dict(base["branching"])), copy.deepcopy(dict(base["rubric"]))
    if draft.opening:
        branching["opening"] = [draft.opening]
    if draft.motive:
        branching["motive"]["says"] = [draft.motive]
    for topic in branching["topics"]:
        if told := draft.facts.get(topic["label"]):
            topic |= {"says": [told], "gist": []}
    if draft.objections:
        pairs = [_objection(given, n, branching, rubric) for n, given in enumerate(draft.objections)]
        branching["objections"] = [asked for asked, _ in pairs]
        rubric["objections"] = [judged for _, judged in pairs]
    rubric["version"] = 1
    return {
        "persona": Persona.model_validate(persona).model_dump(mode="json"),
        "branching": Branching.model_validate(branching).model_dump(mode="json"),
        "rubric": load_rubric(rubric).as_json(),
    }


def _objection(
    given: DraftObjection, n: int, branching: Mapping[str, Any], rubric: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The objection as the buyer raises it and as the rubric judges it."""
    asked = next((o for o in branching["objections"] if o["label"] == given.label), None)
    judged = next((o for o in rubric["objections"] if asked and o["tag"] == asked["tag"]), None)
    if asked and judged:
        return {**asked, "lines": [given.line, *asked["lines"]]}, {**judged, "heard": [given.line, *judged["heard"]]}
    tag = f"{re.sub(r'[^a-z0-9]+', '-', given.label.lower()).strip('-')[:40].strip('-') or 'doubt'}-{n + 1}"
    explore, answer = given.explore or EXPLORE, [[phrase] for phrase in given.answer] or [[phrase] for phrase in ANSWER]
    return (
        {
            "tag": tag,
            "label": given.label,
            "lines": [given.line, f"Let me say it again. {given.line}"],
            "trigger": {"after_turn": FIRST_AFTER_TURN + 2 * n},
            "resolve": {"explore": explore, "answer": answer},
            "outcomes": {
                "explored": ["Well, that is what I keep asking myself."],
                "answered": ["Okay. That helps."],
                "dodged": ["That is not what I asked."],
                "pressured": ["Don't push me, please."],
            },
        },
        {"tag": tag, "label": given.label, "heard": [given.line], "explore": explore, "answer": answer},
    )
