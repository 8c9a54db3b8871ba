"""What the model is told: who it plays, and before each answer the director's note made of the dispatcher's moves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from string import Template

from parley.buyer.brief import BuyerBrief
from parley.buyer.state import CallState, Move

PROMPT_VERSION = "buyer_v1"
_PROMPTS = Path(__file__).resolve().parents[1] / "prompts"


def instructions(brief: BuyerBrief) -> str:
    """The standing instructions of a call, without the motive: what is not told cannot slip out."""
    persona = brief.persona
    return Template((_PROMPTS / f"{PROMPT_VERSION}.md").read_text(encoding="utf-8")).substitute(
        name=persona.name,
        age=persona.age,
        gender=persona.gender,
        work=persona.work,
        mood=persona.mood,
        title=brief.title,
        facts="\n".join(f"- {name}: {fact}" for name, fact in persona.facts.items()),
    )


class Director:
    """Writes the director's note for one reply."""

    def __init__(self, brief: BuyerBrief) -> None:
        self._branching = brief.branching
        self._topics = {t.id: t for t in brief.branching.topics}
        self._remarks = {r.id: r for r in brief.branching.remarks}
        self._objections = {o.tag: o for o in brief.branching.objections}

    def note(self, moves: Sequence[Move], state: CallState) -> str:
        """The note: what to say now in order, and what to hold back."""
        lines = [f"{n}. {self._direct(move)}" for n, move in enumerate(moves, start=1)]
        table = state.open_objection()
        if table and not any(move.id == table for move in moves):
            lines.append(f"Still on your mind, do not drop it: {self._objections[table].label}.")
        if not state.motive_told and not any(move.kind == "motive" for move in moves):
            lines.append("Keep your private reasons to yourself.")
        lines.append("Accept the next step." if self._accepts(moves) else "Do not agree to any next step.")
        lines.append("Say goodbye and hang up." if any(m.ends for m in moves) else "Do not hang up.")
        return "Director's note, in this order:\n" + "\n".join(lines)

    def _accepts(self, moves: Sequence[Move]) -> bool:
        return any(move.kind == "accept" or move.ends == "goal" for move in moves)

    def _direct(self, move: Move) -> str:
        b = self._branching
        if move.kind in ("answer", "again"):
            topic = self._topics[move.id]
            said = "You were asked this before; say so. " if move.kind == "again" else ""
            return f"{said}You are asked about {topic.label}. You know: {topic.says[0]}"
        if move.kind in ("motive", "motive_again"):
            return f"You trust the rep now. Tell what really matters: {b.motive.says[0]}"
        if move.kind == "remark":
            remark = self._remarks[move.id]
            return f"The rep {remark.label}. React in one short sentence, such as: {remark.says[0]}"
        if move.kind == "objection":
            return f"Raise this, in your own words: {self._objections[move.id].lines[0]}"
        if move.kind in ("explored", "answered", "dodged", "pressured"):
            objection = self._objections[move.id]
            return f"{_OUTCOMES[move.kind].format(label=objection.label)} {getattr(objection.outcomes, move.kind)[0]}"
        if move.kind in ("accept", "when", "hesitate", "refuse"):
            return f"{_PROPOSALS[move.kind]} {b.closing.lines(move.kind, move.id)[0]}"
        if move.kind == "carry_on":
            return f"Keep the call going with one question of your own, such as: {b.carry_on[0]}"
        return _OTHERS.get(move.kind, "Answer from what you know. If you do not know it, say so.")


_OUTCOMES = {
    "explored": "The rep asked before answering your concern ({label}). Say more about it:",
    "answered": "The rep settled your concern ({label}). Say so:",
    "dodged": "The rep passed over your concern ({label}). Say that you noticed:",
    "pressured": "The rep is pushing you. Push back:",
}
_PROPOSALS = {
    "accept": "The rep proposes the next step on a named day. Agree:",
    "when": "The rep proposes the next step, but names no day. Ask when:",
    "hesitate": "The rep proposes the next step too early. Hold back:",
    "refuse": "The rep has pushed you. Say no:",
}
_OTHERS = {
    "small_talk": "Answer the courtesy in one short sentence.",
    "interrupted": "You were talked over. Give way in two or three words.",
    "unheard": "You could not make out what the rep said. Ask to repeat.",
    "rude": "The rep was rude. Object, briefly.",
    "odd": "What the rep said makes no sense on this call. Be puzzled, as a person would.",
    "enough": "That was too long. Say so.",
    "follow": "Show in a few words that you are listening.",
    "hurry": "Say that you have only a couple of minutes left.",
    "warning": "You are losing patience. Say so.",
    "gone": "Your patience is gone. End the call.",
    "goodbye": "Say a friendly goodbye.",
    "farewell": "Say goodbye.",
}
