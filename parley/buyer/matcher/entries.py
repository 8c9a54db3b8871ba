"""What the matcher listens for, taken from a branching and from what every scenario shares."""

from __future__ import annotations

import re

from parley.buyer.branching import Branching
from parley.buyer.common import asks_of, common, small_talk_of
from parley.buyer.matcher.index import Entry
from parley.buyer.matcher.words import FUNCTION_WORDS, word_set

_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
_DATES = word_set(
    """january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday mondays tuesdays thursdays fridays saturdays sundays"""
)


def main_entries(branching: Branching) -> list[Entry]:
    """Topics, remarks, small talk, the outcomes of the goal and what brings out the motive."""
    entries = [
        Entry("topic", t.id, asks_of(t), (t.label, t.id.replace("-", " "), *t.says, *t.gist)) for t in branching.topics
    ]
    entries += [Entry("remark", r.id, tuple(r.hear), (r.label,)) for r in branching.remarks]
    entries += [Entry("small_talk", s.id, tuple(s.hear)) for s in small_talk_of(branching).values()]
    closing = branching.closing
    entries.append(Entry("goal", closing.goal, tuple(closing.ask), (closing.label,)))
    entries += [Entry("goal", outcome.goal, tuple(outcome.ask), (outcome.label,)) for outcome in closing.others]
    if branching.motive.cues:
        entries.append(Entry("cue", "motive", tuple(branching.motive.cues)))
    return entries


def names_in(branching: Branching) -> frozenset[str]:
    """Names of people and places in the buyer's lines: capitals within a sentence. A rep may add them anywhere."""
    lines = [*branching.opening, *(line for t in branching.topics for line in (*t.says, *t.gist))]
    found = {m.lower() for line in lines for m in _NAME.findall(line)}
    return frozenset(found - FUNCTION_WORDS - _DATES)


def objection_entries(branching: Branching) -> list[Entry]:
    """Ways to explore, acknowledge and answer each objection; `*` stands for any."""
    entries = [Entry("objection", "explore:*", tuple(common().explore))]
    entries.append(Entry("objection", "acknowledge:*", tuple(common().acknowledge)))
    for o in branching.objections:
        entries.append(Entry("objection", f"explore:{o.tag}", tuple(o.resolve.explore)))
        if o.resolve.acknowledge:
            entries.append(Entry("objection", f"acknowledge:{o.tag}", tuple(o.resolve.acknowledge)))
        for n, idea in enumerate(o.resolve.answer):
            entries.append(Entry("objection", f"answer:{o.tag}#{n}", tuple(idea)))
    return entries
