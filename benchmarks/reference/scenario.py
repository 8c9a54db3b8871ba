"""What a scenario asks for: phrases, objections, topics, motive, goal, compliance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from benchmarks.reference.conversation import Call, Said, Sentence, rounded
from benchmarks.reference.flow import interruptions
from benchmarks.reference.phrases import Finder
from benchmarks.reference.spelling import names_a_date, names_a_rate

STEPS = {"listened": 20, "acknowledged": 20, "explored": 30, "answered": 20, "confirmed": 10}


def scenario(call: Call, rubric: dict[str, Any]) -> Scenario:
    """A call seen by a rubric."""
    return Scenario(call, rubric)


class Scenario:
    """Where the rubric's objections came up, and the KPIs that need the rubric."""

    def __init__(self, call: Call, rubric: dict[str, Any]) -> None:
        self.call, self.rubric = call, rubric
        self.find = Finder(call)
        self.tags = [(u, tag) for u in call.of("buyer") for tag in u.tags if tag != "unclear"]
        self.rep = [s for s in call.sentences if s.rep]
        self.buyer = [s for s in call.sentences if not s.rep]
        self.unclear = {u.n for u in call.said if "unclear" in u.tags}
        self.unclear_turns = {u.turn for u in call.of("rep") if "unclear" in u.tags}
        self.raised = self._raised()
        self.raised_ns = {u.n for _, u in self.raised}

    def kpis(self) -> dict[str, Any]:
        phrases = [self._phrase(p) for p in self.rubric.get("phrases") or []]
        forbidden = {f["id"]: self._forbidden(f) for f in self.rubric.get("forbidden") or []}
        compliance = [self._compliance(c, phrases, forbidden) for c in self.rubric.get("compliance") or []]
        topics = [{"id": t["id"], "covered_at": self._topic(t)} for t in self.rubric.get("topics") or []]
        wanted = [t["id"] for t in self.rubric.get("topics") or [] if t.get("discovery")]
        covered = sum(t["covered_at"] is not None for t in topics if t["id"] in wanted)
        objections = self._objections()
        shares = [o["share"] for o in objections]
        return {
            "phrases": [{**p, "at": _at(p["at"]), "missed_at": _at(p["missed_at"])} for p in phrases],
            "forbidden": [{"id": k, "found": bool(v), "at": _at(v)} for k, v in forbidden.items()],
            "compliance": compliance,
            "objections": [{**o, "share": rounded(o["share"], 3)} for o in objections],
            "objections_raised": len(objections),
            "objections_addressed": sum(o["answered"] is True for o in objections),
            "objection_share": rounded(sum(shares, Decimal(0)) / len(shares), 3) if shares else None,
            "topics": topics,
            "discovery_count": covered,
            "discovery_share": rounded(Decimal(covered) / len(wanted), 3) if wanted else None,
            "motive_found": self._motive(),
            "goal": self._goal(),
        }

    def _raised(self) -> list[tuple[dict[str, Any], Said]]:
        found = []
        for o in self.rubric.get("objections") or []:
            if self.tags:
                first = [u for u, tag in self.tags if tag == f"objection:{o['tag']}"]
            else:
                first = [s.of for s in self.find.loosely(self.buyer, o.get("heard"), spreads=True)]
            if first:
                found.append((o, min(first, key=lambda u: u.n)))
        return sorted(found, key=lambda x: (x[1].n, x[0]["tag"]))

    # Phrases

    def _phrase(self, p: dict[str, Any]) -> dict[str, Any]:
        within, when = p.get("within") or "call", p.get("when")
        opening = sorted({s.of.turn for s in self.rep})[:3]
        hits = [s for s in self.find.loose(self.rep, p["say"]) if within != "opening" or s.of.turn in opening]
        unsure = {s.of.turn for s in self.rep if s.of.n in self.unclear}
        missed: list[Sentence] = []
        if when is None:
            found: bool | None = True if hits else self._missing(p["say"], opening if within == "opening" else None)
        else:
            occasions = self._occasions(when)
            if within == "same_answer":
                there = {s.of.turn for s in hits} | unsure
                missed = [s for s in occasions if s.of.turn not in there]
            if not occasions:
                found = None
            elif within == "same_answer":
                found = not missed
            else:
                everywhere = self.find.loose(self.rep, p["say"])
                found = True if everywhere else self._missing(p["say"], None)
        return {"id": p["id"], "found": found, "at": hits, "missed_at": missed}

    def _missing(self, say: list[str], turns: list[int] | None) -> bool | None:
        """False, or null where it may have been said: nearly nothing was heard well, or something like it was not."""
        scope = [s for s in self.rep if turns is None or s.of.turn in turns]
        if self._lost({s.of.n for s in scope}):
            return None
        return None if self.find.like([s for s in scope if s.of.n in self.unclear], say) else False

    def _lost(self, ns: set[int]) -> bool:
        """Were three quarters of the rep's words in these utterances not heard well?"""
        sizes = {u.n: len(u.text.split()) for u in self.call.of("rep") if u.n in ns}
        return bool(sizes) and 4 * sum(size for n, size in sizes.items() if n in self.unclear) >= 3 * sum(
            sizes.values()
        )

    def _occasions(self, when: str) -> list[Sentence]:
        """The first sentence of each turn that calls for the phrase."""
        if when == "rate_mentioned":
            firsts: dict[int, Sentence] = {}
            for s in self.rep:
                asks = s.question is not None and not re.search(r"\b(?:rate|rates|apr|interest|sound|work)\b", s.plain)
                if names_a_rate(s.plain) and not asks:
                    firsts.setdefault(s.of.turn, s)
            return list(firsts.values())
        for o, u in self.raised:
            if when == f"objection:{o['tag']}":
                return [s for s in self.rep if s.of.n > u.n][:1]
        return []

    def _forbidden(self, f: dict[str, Any]) -> list[Sentence]:
        meant = self.find.meant(self.rep, f["say"], in_questions=f.get("questions") is not False)
        excused = set(map(id, self.find.exact(self.rep, f.get("unless"))))
        return [s for s in meant if id(s) not in excused and s.of.n not in self.unclear]

    def _compliance(
        self, c: dict[str, Any], phrases: list[dict[str, Any]], forbidden: dict[str, list[Sentence]]
    ) -> dict[str, Any]:
        if c.get("phrase"):
            p = next(p for p in phrases if p["id"] == c["phrase"])
            kept, shown = p["found"], p["at"] if p["found"] else p["missed_at"]
        else:
            broken = {s.sn: s for name in c["forbidden"] for s in forbidden.get(name, [])}
            kept, shown = not broken, [broken[sn] for sn in sorted(broken)]
        twice = kept is False and len(shown) >= 2 and c.get("twice")
        outcome = {True: "pass", False: "fail", None: "not_applicable"}[kept]
        return {"id": c["id"], "outcome": outcome, "severity": twice or c["severity"], "at": _at(shown)}

    # Topics, motive, goal

    def _topic(self, t: dict[str, Any]) -> int | None:
        if not self.tags:
            hits = [*self.find.by_words(self.rep, t["ask"]), *self._understood(f"asked:{t['id']}")]
            return min(hits, key=lambda s: s.sn).of.i if hits else None
        told = [u.n for u, tag in self.tags if tag == f"topic:{t['id']}"]
        before = [s for s in self.rep if told and s.of.n < min(told)]
        return before[-1].of.i if before else None

    def _understood(self, tag: str) -> Iterator[Sentence]:
        """The last question, else the last sentence, of each utterance that a reader tagged."""
        for u in self.call.of("rep"):
            said = [s for s in self.rep if s.of.n == u.n]
            if tag in u.tags and said:
                yield next((s for s in reversed(said) if s.question), said[-1])

    def _motive(self) -> bool | None:
        if not self.rubric.get("motive"):
            return None
        if self.tags:
            return any(tag == "motive" for _, tag in self.tags)
        return bool(self.find.loosely(self.buyer, self.rubric["motive"]["heard"], spreads=True))

    def _goal(self) -> dict[str, Any] | None:
        goal = self.rubric.get("goal")
        if not goal:
            return None
        outcomes = [goal, *(goal.get("others") or [])]
        proposals = {o["id"]: self.find.by_words(self.rep, o["ask"]) for o in outcomes}
        asked = [s for found in proposals.values() for s in found]
        reached = {u.n: o["id"] for o in reversed(outcomes) for u, tag in self.tags if tag == f"goal:{o['id']}"}
        if self.tags:
            agreed = [s for s in self.buyer if s.of.n in reached]
        else:
            yes = [s for o in outcomes for s in self.find.loosely(self.buyer, o.get("accept"), spreads=True)]
            yes += self.find.exact(self.buyer, (self.rubric.get("common") or {}).get("accept"))
            agreed = [
                s
                for s in yes
                if not {"not", "no", "never"} & set(s.stems) and s.of.turn - 1 in {a.of.turn for a in asked}
            ]
        hit = min(agreed, key=lambda s: s.sn, default=None)
        if hit:
            near: Iterable[Sentence] = (s for s in self.call.sentences if abs(s.of.turn - hit.of.turn) <= 2)
        else:
            near = (s for s in self.rep if s.of.n in {a.of.n for a in asked})
        before = [a.sn for a in asked if hit is None or a.sn < hit.sn]
        last = [name for name, found in proposals.items() if before and any(s.sn == max(before) for s in found)]
        dated = any(names_a_date(s.plain) for s in near)
        return {
            "id": reached[hit.of.n] if hit and self.tags else [*last, goal["id"]][0],
            "hit": hit is not None,
            "at": hit.of.i if hit else None,
            "asked": bool(before),
            "dated": dated,
        }

    # Objections, in Carew's steps

    def _objections(self) -> list[dict[str, Any]]:
        found = []
        cut_in = {u.n for u in interruptions(self.call) if u.speaker == "rep"}
        for k, (o, u) in enumerate(self.raised):
            later = self.raised[k + 1][1].n if k + 1 < len(self.raised) else None
            steps = self._steps(o, u, later, cut_in)
            judged = {name: weight for name, weight in STEPS.items() if steps[name] is not None}
            full = sum(judged.values())
            share = Decimal(sum(w for name, w in judged.items() if steps[name])) / full if full else Decimal(0)
            found.append({"tag": o["tag"], "raised_at": u.i, **steps, "share": share})
        return found

    def _steps(self, o: dict[str, Any], u: Said, later: int | None, cut_in: set[int]) -> dict[str, bool | None]:
        common = self.rubric.get("common") or {}
        turns = sorted({s.of.turn for s in self.rep if s.of.turn > u.turn})
        first, third = (turns[0], turns[:3][-1]) if turns else (None, None)
        explore = {s.sn for s in self.find.by_words(self.rep, o.get("explore"))}
        confirm = {
            s.sn: s for s in self.find.loose(self.rep, [*(o.get("confirm") or []), *(common.get("confirm") or [])])
        }
        acknowledge = self.find.loose(self.rep, o.get("acknowledge")) + self.find.exact(
            self.rep, common.get("acknowledge")
        )
        ideas = [
            {
                s.sn
                for s in self.find.by_words(self.rep, idea, spreads=True)
                if s.of.n > u.n and not (s.question and s.sn in explore)
            }
            for idea in o["answer"]
        ]
        answered_at = min((sn for sns in ideas for sn in sns), default=None)
        asking = [
            s.sn
            for s in self.rep
            if s.of.n > u.n
            and (later is None or s.of.n < later)
            and third is not None
            and s.of.turn <= third
            and s.sn not in confirm
            and ((s.question and s.of.turn == first and not self._elsewhere(s, o)) or s.sn in explore)
        ]
        explored = bool(asking) and (answered_at is None or min(asking) < answered_at)
        confirmed = [s for s in confirm.values() if s.of.n > u.n and (later is None or s.of.n < later)]
        ends = next((x.turn for x in self.call.said if x.n == later), None)
        lost = self._lost({x.n for x in self.call.said if x.turn > u.turn and (ends is None or x.turn < ends)})
        interrupted = any(x.n in cut_in and x.turn == first and 1 <= x.n - u.n <= 3 for x in self.call.said)
        done = {
            "acknowledged": any(s.of.turn == first for s in acknowledge),
            "explored": explored or self._told(f"explored:{o['tag']}", u),
            "answered": sum(map(bool, ideas)) >= (o.get("answer_needed") or 1) or self._told(f"resolved:{o['tag']}", u),
            "confirmed": any(s.sn >= (answered_at or 0) for s in confirmed),
        }
        # What might have been said where nothing was heard well is not missing.
        unheard = {name: first in self.unclear_turns if name == "acknowledged" else lost for name in done}
        judged = {name: True if yes else None if unheard[name] else False for name, yes in done.items()}
        return {"listened": None if self.call.typed else not interrupted, **judged}

    def _told(self, tag: str, after: Said) -> bool:
        return any(t == tag and u.n > after.n for u, t in self.tags)

    def _elsewhere(self, s: Sentence, objection: dict[str, Any]) -> bool:
        """Is it about topics, by its words or by what the buyer answers, of which none belongs to the objection?"""
        topics = self.rubric.get("topics") or []
        about = {t["id"] for t in topics if any(s is hit for hit in self.find.by_words(self.rep, t["ask"]))}
        answer = next((u for u in self.call.said if u.n == s.of.n + 1), None)
        if answer is not None and answer.speaker == "buyer":
            about |= {t.removeprefix("topic:") for t in answer.tags if t.startswith("topic:")}
        return bool(about) and not about & set(objection.get("topics") or [])


def _at(sentences: list[Sentence]) -> list[int]:
    return list(dict.fromkeys(s.of.i for s in sorted(sentences, key=lambda s: s.sn)))
