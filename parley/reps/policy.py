"""What a simulated rep does next: hears the buyer's reply and answers as its skill has it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from parley.reps.dice import Dice
from parley.reps.hearing import Heard
from parley.reps.skill import Skill
from parley.reps.wording import RepWording
from parley.scenarios.playbook import Playbook, Question, Statement

Act = Literal[
    "introduce", "ask", "dig", "acknowledge", "explore", "answer", "confirm", "weak_answer", "tell", "careless",
    "propose", "end_weakly", "wrap", "give_up", "pitch", "slip", "listen", "brush_off",
]  # fmt: skip
MOST_PROPOSALS = 4
MOST_DIGS = 3
MOST_SPEECHES = 3
DIG_AFTER = 4
"""Questions after which a rep goes for what is behind the call."""
MOST_TOLD = 2
"""Statements before the close, those first that the buyer will not ask for."""
FALLS_BACK = 0.5
"""How often a proposal that was not taken is followed by another outcome."""
EXPLORE_ONLY = 1
"""Questions about one objection before it is answered."""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing in a rep's turn."""

    act: Act
    text: str
    about: str = ""
    """The topic, objection or statement that it is about; what the author checks, never what the rep acts on."""


@dataclass(slots=True)
class _Table:
    """The objection that the rep knows to be open."""

    tag: str
    explored: int = 0
    answers: int = 0


@dataclass(slots=True)
class SimulatedRep:
    """One rep in one call. `turn` gives what it says next; empty means that it hangs up."""

    playbook: Playbook
    skill: Skill
    dice: Dice
    wording: RepWording
    _turns: int = 0
    _questions: list[Question] = field(default_factory=list)
    _table: _Table | None = None
    _told: set[str] = field(default_factory=set)
    _digs: int = 0
    _knows_motive: bool = False
    _asked: int = 0
    _proposals: int = 0
    _speeches: int = 0
    _held_back: bool = False
    _informed: bool = False
    _leaving: bool = False

    def __post_init__(self) -> None:
        """Decide before the call what to ask: the best reps ask everything, the others leave out the most."""
        every = self.playbook.questions
        wanted = round(self.skill.questions * len(every))
        chosen = self.dice.order(range(len(every)), "questions")[:wanted]
        self._questions = [every[n] for n in sorted(chosen)]

    def turn(self, heard: Heard) -> list[Said]:
        """What the rep says to this; in the order in which it is said."""
        self._turns += 1
        if heard.over or self._leaving:
            return []
        if heard.agreed:
            self._leaving = True
            close = self.playbook.close
            return [self._said("wrap", (close.others.get(heard.about("goal") or "") or close).wrap)]
        said = self._introduction() if self._turns == 1 else []
        if said and said[-1].text.endswith("?"):
            return said
        said += self._slip()
        said += self._reaction(heard)
        if said and said[-1].act in ("explore", "confirm", "answer", "weak_answer", "propose", "end_weakly"):
            return said
        return [*said, *self._lead()]

    def _introduction(self) -> list[Said]:
        opening, skill = self.playbook.introduction, self.skill
        who = self._does(skill.says_who, "who")
        said = [self._said("introduce", opening.who)] if who else [Said("introduce", self.wording.common("hello"))]
        for share, lines, name in (
            (skill.says_licence, opening.licence, "licence"),
            (skill.says_recording, opening.recording, "recording"),
            (skill.asks_permission, opening.permission, "permission"),
        ):
            if lines and self._does(share, name):
                said.append(self._said("introduce", lines, name))
        return said

    def _reaction(self, heard: Heard) -> list[Said]:
        """What the buyer's words call for, before the rep goes on with its own plan."""
        if tag := heard.about("objection"):
            self._table = _Table(tag)
        if self._table and (tag := heard.about("resolved")) == self._table.tag:
            self._table = None
        self._held_back = heard.holds_back
        thanks = self._thanks_for_the_motive(heard)
        if self._table and (handled := self._handle(self._table, heard)):
            return [*thanks, *handled]
        if thanks:
            return thanks
        if heard.wants_a_date:
            return self._propose() if self._does(self.skill.proposes, "date") else self._vague("any_time", "end_weakly")
        if heard.asks and (told := self._answer_question(heard)):
            return told
        if self._turns > 1 and self._does(self.skill.listens, "listens"):
            return self._vague("steps_back" if heard.holds_back else "listens", "listen")
        return []

    def _thanks_for_the_motive(self, heard: Heard) -> list[Said]:
        if not heard.told_motive or self._knows_motive:
            return []
        self._knows_motive = True
        takes_it_up = self._does(max(self.skill.listens, self.skill.digs), "motive heard")
        return [self._said("listen", self.playbook.motive.answer)] if takes_it_up else []

    def _handle(self, table: _Table, heard: Heard) -> list[Said]:
        """LAER as far as the rep's habits carry it; a poor rep goes on as if nothing had been said."""
        skill, tag = self.skill, table.tag
        handling = self.playbook.objections.get(tag)
        if handling is None:
            return []
        said: list[Said] = []
        fresh = heard.about("objection") == tag
        if fresh and self._does(skill.acknowledges, "acknowledge", tag):
            said.append(self._said("acknowledge", handling.acknowledge, tag))
        if fresh and table.explored < EXPLORE_ONLY and self._does(skill.explores, "explore", tag):
            table.explored += 1
            return [*said, self._said("explore", handling.explore, tag)]
        if table.answers >= 2:
            self._table = None
            return said
        table.answers += 1
        if self._does(skill.answers, "answer", tag, table.answers):
            said.append(self._said("answer", handling.answer, tag))
            if self._does(skill.confirms, "confirm", tag):
                said.append(self._said("confirm", handling.confirm, tag))
            return said
        if fresh and not said and self._does(0.3, "ignores", tag):
            return []
        return [*said, self._said("weak_answer", handling.weak, tag)]

    def _answer_question(self, heard: Heard) -> list[Said]:
        untold = (s for s in self.playbook.statements if s.id not in self._told)
        if statement := next((s for s in untold if heard.mentions(s.asked)), None):
            return self._state(statement)
        if heard.about("carry_on") is None and "carry_on" not in heard.tags:
            return []
        if self._does(self.skill.tells, "open answer"):
            return self._vague("open_answer", "listen")
        return self._vague("brush_off", "brush_off")

    def _state(self, statement: Statement) -> list[Said]:
        """The whole statement, the careless one, or nothing."""
        if self._does(self.skill.tells, "tell", statement.id):
            self._told.add(statement.id)
            return [self._said("tell", statement.say, statement.id)]
        if statement.careless and self._does(0.8, "careless", statement.id):
            self._told.add(statement.id)
            return [self._said("careless", statement.careless, statement.id)]
        return self._vague("brush_off", "brush_off")

    def _slip(self) -> list[Said]:
        slips = self.playbook.slips
        if self._turns < 2 or not slips or not self._does(self.skill.slips, "slip"):
            return []
        slip = self.dice.order(slips, "which slip", self._turns)[0]
        return [self._said("slip", slip.say, slip.check)]

    def _lead(self) -> list[Said]:
        """The rep's own plan: a speech, a question, what is behind it all, what must be said, the close."""
        if self._speeches < MOST_SPEECHES and self._does(self.skill.pitches, "pitch"):
            self._speeches += 1
            return [self._said("pitch", self.playbook.pitch)]
        if self._wants_to_dig():
            self._digs += 1
            return [self._said("dig", self.playbook.motive.ask)]
        if self._questions and not (self._held_back and self._proposals > 1):
            return self._ask(self._questions.pop(0))
        return self._close()

    def _wants_to_dig(self) -> bool:
        enough = self._asked >= DIG_AFTER or not self._questions
        tries = self._digs < MOST_DIGS and not self._knows_motive
        return enough and tries and self._does(self.skill.digs, "dig", self._digs)

    def _ask(self, question: Question) -> list[Said]:
        self._asked += 1
        openly = self._does(self.skill.asks_openly, "openly", question.topic)
        return [self._said("ask", question.ask if openly else question.weak, question.topic)]

    def _close(self) -> list[Said]:
        if not self._informed:
            self._informed = True
            untold = [s for s in self.playbook.statements if s.id not in self._told]
            untold.sort(key=lambda s: bool(s.asked))
            chosen = [s for s in untold if self._does(self.skill.informs, "inform", s.id)]
            said = [self._said("tell", s.say, s.id) for s in chosen[:MOST_TOLD]]
            self._told |= {one.about for one in said}
            if said:
                return [*said, *self._propose()]
        return self._propose()

    def _propose(self) -> list[Said]:
        again = self._proposals > 0
        if self._proposals >= MOST_PROPOSALS or (again and not self._does(self.skill.tries_again, "again")):
            self._leaving = True
            return self._vague("give_up", "give_up")
        self._proposals += 1
        if self._does(self.skill.proposes, "propose", self._proposals):
            others = list(self.playbook.close.others.values())
            if again and others and self._does(FALLS_BACK, "falls back"):
                return [self._said("propose", self.dice.order(others, "which", self._proposals)[0].propose)]
            return [self._said("propose", self.playbook.close.propose)]
        return [self._said("end_weakly", self.playbook.close.weak)]

    def _vague(self, purpose: str, act: Act) -> list[Said]:
        return [Said(act, self.wording.common(purpose, self._turns))]

    def _said(self, act: Act, lines: list[str], about: str = "") -> Said:
        return Said(act, self.wording.say(lines, act, about, self._turns), about)

    def _does(self, share: float, *about: object) -> bool:
        return self.dice.happens(share, self._turns, *about)
