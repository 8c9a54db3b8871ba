"""The seed decides wording, order and number of objections; nothing else does."""

from __future__ import annotations

import subprocess
import sys

from parley.buyer.scripted import ScriptedBuyer
from parley.buyer.tests.reps import GoodRep, hold, hold_lines
from parley.scenarios.pack import find_scenario

BRIEF = find_scenario("S01").buyer_brief
LINES = [
    "Hi Marcus, this is Sam with Harbor Home Loans.",
    "What is the purchase price and how much are you putting down?",
    "When do you close?",
    "What matters most to you?",
    "Our rate is six point three seven five with an APR of six point five two.",
]


def test_the_same_seed_and_input_give_the_same_output() -> None:
    first, second = hold_lines(BRIEF(seed=7), LINES), hold_lines(BRIEF(seed=7), LINES)
    assert first.opening == second.opening
    assert first.turns == second.turns


def test_another_process_gives_the_same_output() -> None:
    code = (
        "from parley.buyer.tests.reps import hold_lines; from parley.scenarios.pack import find_scenario; "
        f"print('\\n'.join(hold_lines(find_scenario('S01').buyer_brief(seed=7), {LINES!r}).sentences))"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": hash_seed}
        ).stdout
        for hash_seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1] == "\n".join(hold_lines(BRIEF(seed=7), LINES).sentences) + "\n"


def test_seeds_vary_the_wording() -> None:
    assert len({tuple(hold_lines(BRIEF(seed=seed), LINES).sentences) for seed in range(12)}) >= 10
    assert len({ScriptedBuyer(BRIEF(seed=seed)).open()[0].text for seed in range(12)}) >= 2


def test_seeds_vary_the_number_and_order_of_objections() -> None:
    raised = []
    for seed in range(16):
        brief = find_scenario("S02").buyer_brief(seed=seed)
        tags = hold(brief, GoodRep(brief.branching)).tags
        raised.append(tuple(dict.fromkeys(t for t in tags if t.startswith("objection:"))))
    assert len({len(r) for r in raised}) >= 2
    assert len(set(raised)) >= 4
