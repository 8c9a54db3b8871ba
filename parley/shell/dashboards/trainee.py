"""What a rep comes with: how am I doing, what is due, what do I practise next?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from parley.accounts.clock import Clock, clock_of
from parley.calls import queries as calls
from parley.calls.models import Attempt
from parley.core.tenancy import Member
from parley.core.ui.cards import AttemptCard, DueAssignment
from parley.core.ui.charts import Chart, Trend
from parley.reporting.charts import skills_chart, weekly_scores
from parley.reporting.queries.assigned import Progress, my_assignments
from parley.reporting.queries.calls import Fact, Skill, own_facts, skills_of
from parley.scenarios.cards import library_cards
from parley.shell.dashboards.words import counted, due, figure, listed, number, points, sentence

PERIODS = {4: "4 weeks", 13: "13 weeks", 52: "52 weeks"}
USUAL = 13
MODES = {"": "All calls", "official": "Official", "practice": "Practice"}
ENOUGH = 3
"""Calls before a skill counts as weak rather than unlucky."""


@dataclass(frozen=True, slots=True)
class Card:
    """A scenario as the dashboard offers it, without its documents."""

    key: str
    title: str
    summary: str
    persona: str
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Advice:
    """What to practise next, and why."""

    scenario: Card
    why: str


def page(member: Member, asked: QueryDict) -> dict[str, Any]:
    """What the template shows; five reads for figures, one each for calls, assignments and library."""
    clock = clock_of(member)
    weeks, mode, problems = _asked(asked)
    since = clock.weeks_back(weeks)
    year = own_facts(member, min(since - timedelta(weeks=weeks), clock.weeks_back(53)))
    chosen = [fact for fact in year if not mode or fact.mode == mode]
    now = [fact for fact in chosen if fact.day >= since]
    before = [fact for fact in chosen if since - timedelta(weeks=weeks) <= fact.day < since]
    skills = skills_of(member.org_id, member.user_id, official_only=mode == "official")
    assigned = my_assignments()
    cards = _library()
    latest = list(calls.attempts_of(member)[:6])
    advice = _advice(cards, skills, year, assigned)
    run = streak(year, clock)
    return {
        "clock": clock,
        "problems": problems,
        "weeks": weeks,
        "mode": mode,
        "periods": PERIODS,
        "modes": MODES,
        "is_new": not latest and not year,
        "answer": _answer(now, before, assigned, advice, run, clock),
        "advice": advice,
        "metrics": _metrics(now, before, run, weeks, mode, since),
        "trend": _trend(now, weeks, since),
        "skills": skills,
        "radar": skills_chart(
            "My skills, over my latest 20 calls", skills, lambda skill: f"{reverse('attempts')}?criterion={skill}"
        ),
        "due": [_due(row, clock) for row in assigned if row.state != "done"][:5],
        "done_count": sum(row.state == "done" for row in assigned),
        "attempts": [_card(attempt) for attempt in latest],
    }


def _asked(asked: QueryDict) -> tuple[int, str, list[str]]:
    problems = []
    weeks, mode = asked.get("weeks", str(USUAL)), asked.get("mode", "")
    if weeks not in {str(known) for known in PERIODS}:
        problems.append(f"weeks={weeks[:60]!r} is no period; use one of {listed([str(n) for n in PERIODS])}.")
        weeks = str(USUAL)
    if mode not in MODES:
        problems.append(f"mode={mode[:60]!r} is unknown; use official or practice.")
        mode = ""
    return int(weeks), mode, problems


def _library() -> list[Card]:
    cards = library_cards()
    return [Card(card.key, card.title, card.summary, card.persona.get("name") or "", card.weights) for card in cards]


def average(facts: Iterable[Fact]) -> float | None:
    """Mean score of those that have one."""
    scores = [fact.score for fact in facts if fact.score is not None]
    return round(sum(scores) / len(scores), 1) if scores else None


def streak(facts: Iterable[Fact], clock: Clock) -> int:
    """Working days in a row with a call, up to today; weekends neither count nor break, today may still come."""
    days = {fact.day for fact in facts}
    day, count = clock.today, 0
    if day not in days:
        day -= timedelta(days=1)
    while day in days or day.weekday() >= 5:
        count += day in days
        day -= timedelta(days=1)
        if (clock.today - day).days > 400:
            break
    return count


def weakest(skills: list[Skill]) -> Skill | None:
    """The skill that earns the smallest share of its points, over enough calls."""
    known = [skill for skill in skills if skill.calls >= ENOUGH]
    return min(known, key=lambda skill: skill.share, default=None)


def _advice(cards: list[Card], skills: list[Skill], facts: list[Fact], assigned: list[Progress]) -> Advice | None:
    by_key = {card.key: card for card in cards}
    for row in assigned:
        if row.state != "done" and row.next_key in by_key:
            word = "overdue" if row.state == "overdue" else "assigned to you"
            return Advice(by_key[row.next_key], f"Next in “{row.title}”, {word}")
    if not cards:
        return None
    best: dict[str, float] = {}
    held = {fact.scenario_key for fact in facts}
    for fact in facts:
        if fact.score is not None:
            best[fact.scenario_key] = max(best.get(fact.scenario_key, 0.0), fact.score)
    weak = weakest(skills)
    if weak is None:
        card = next((card for card in cards if card.key not in held), cards[0])
        return Advice(card, "New to you" if card.key not in held else "Your first scenario, once more")
    # Where the weak skill weighs most, and among those the one that is furthest from being passed.
    card = min(cards, key=lambda c: (-c.weights.get(weak.id, 0.0), best.get(c.key, -1.0 if c.key in held else 60.0)))
    return Advice(card, f"Trains your weakest skill: {weak.label.lower()} ({weak.percent} % of its points)")


def _answer(
    now: list[Fact], before: list[Fact], assigned: list[Progress], advice: Advice | None, run: int, clock: Clock
) -> list[str]:
    late = [row for row in assigned if row.state == "overdue"]
    soon = [
        row for row in assigned if row.state == "open" and row.due_at and row.due_at <= clock.now + timedelta(days=7)
    ]
    said = []
    mean, was = average(now), average(before)
    if late:
        said.append(
            f"{counted(len(late), 'assignment is', 'assignments are')} overdue: {listed([r.title for r in late[:3]])}"
        )
    elif soon and soon[0].due_at:
        said.append(f"“{soon[0].title}” is due {due(soon[0].due_at, clock)}")
    if mean is not None and was is not None and abs(mean - was) >= 0.5:
        way = "up" if mean > was else "down"
        said.append(f"your average is {figure(mean)}, {way} {points(mean - was)} on the period before")
    elif mean is not None:
        said.append(f"your average over {counted(len(now), 'call')} is {figure(mean)}")
    if advice and "weakest" in advice.why:
        said.append(f"the most to gain is in {advice.why.split(': ', 1)[1].split(' (')[0]}")
    if run >= 3:
        said.append(f"you have practised {number(run)} working days in a row")
    if not said:
        return [
            "Make your first practice call: it takes about ten minutes, with nobody on the line but you and the buyer."
        ]
    return [sentence(text) for text in said]


def _metrics(now: list[Fact], before: list[Fact], run: int, weeks: int, mode: str, since: date) -> list[dict[str, Any]]:
    address = f"{reverse('attempts')}?since={since}" + (f"&mode={mode}" if mode else "")
    mean, was = average(now), average(before)
    passed = sum(bool(fact.passed) for fact in now)
    best = max((fact for fact in now if fact.score is not None), key=lambda fact: fact.score or 0, default=None)
    moved = Trend(round(mean - was, 1), "points", "") if mean is not None and was is not None else None
    return [
        {
            "label": "Average score",
            "value": figure(mean),
            "note": "of 100",
            "icon": "gauge",
            "href": address,
            "trend": moved,
            "points": [fact.score for fact in now[-20:] if fact.score is not None],
        },
        {
            "label": "Best score",
            "value": figure(best.score if best else None),
            "note": "of 100",
            "icon": "trophy",
            "href": reverse("attempt-review", args=[best.attempt_id]) if best else "",
        },
        {"label": "Calls", "value": f"{len(now):,}", "note": f"{passed:,} passed", "icon": "phone", "href": address},
        {
            "label": "Streak",
            "value": f"{run}",
            "note": "working day with a call" if run == 1 else "working days with a call",
            "icon": "calendar",
            "href": reverse("attempts"),
        },
    ]


def _trend(now: list[Fact], weeks: int, since: date) -> Chart:
    weeks_of = [since + timedelta(weeks=n) for n in range(weeks)]
    by_week = [[f for f in now if day <= f.day < day + timedelta(weeks=1)] for day in weeks_of]
    return weekly_scores(
        "My score, week by week",
        since,
        [average(facts) for facts in by_week],
        lambda first, last: f"{reverse('attempts')}?since={first}&until={last}",
    )


def _due(row: Progress, clock: Clock) -> DueAssignment:
    key = row.next_key or row.scenario_key
    note = f"{row.attempts} {'try' if row.attempts == 1 else 'tries'} so far" if row.attempts else "not begun"
    return DueAssignment(
        title=row.title,
        href=reverse("scenario-detail", args=[key]) if key else reverse("scenario-library"),
        due=row.due_at,
        done=row.steps_done,
        total=row.steps,
        overdue=row.state == "overdue",
        note=note,
    )


def _card(attempt: Attempt) -> AttemptCard:
    status = {"live": "on the call", "ended": "being scored", "scored": ""}.get(attempt.status, attempt.status)
    if attempt.status == "scored" and attempt.score is None:
        status = "not enough to judge"
    return AttemptCard(
        title=attempt.scenario.title,
        at=attempt.created_at,
        href=attempt.get_absolute_url(),
        score=None if attempt.score is None else float(attempt.score),
        duration_s=attempt.duration_s,
        status=status,
        again_href=reverse("play", args=[attempt.scenario.key]),
    )
