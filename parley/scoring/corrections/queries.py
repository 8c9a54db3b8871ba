"""Reads of overrides, disputes and earlier scores, under the reader's claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from parley.accounts.models import User
from parley.calls.models import Attempt
from parley.core.tenancy import Member
from parley.scoring.corrections.shown import Correction, DisputeRow, EarlierScore, OpenDispute, OverrideRow
from parley.scoring.models import GATE, Dispute, Override

NOBODY = "somebody who has left"


def names_of(breakdown: Mapping[str, Any], rubric: Mapping[str, Any]) -> dict[str, str]:
    """What can be overridden in a breakdown: labels by criterion id, and by `gate:<id>` for caps that closed."""
    found = {str(c["id"]): str(c.get("label") or c["id"]) for c in breakdown.get("criteria") or []}
    closed = {breakdown.get("gate"), breakdown.get("capped_by"), *(breakdown.get("lifted") or [])}
    for gate in rubric.get("gates") or []:
        if gate["id"] in closed:
            found[f"{GATE}{gate['id']}"] = f"Cap: {gate.get('label') or gate['id']}"
    return found


def corrections_of(attempt: Attempt, member: Member) -> dict[str, Correction]:
    """By criterion id (or `gate:<id>`): what was decided and disputed, and what the member may do."""
    may_override, may_dispute = may_override_attempt(attempt, member), may_dispute_attempt(attempt, member)
    overrides = _by_criterion(Override.objects.filter(attempt=attempt).select_related("by").order_by("-created_at"))
    disputes = _by_criterion(
        Dispute.objects.filter(attempt=attempt).select_related("user", "answered_by").order_by("-created_at")
    )
    return {
        key: Correction(
            url=reverse("criterion", args=[attempt.pk, key]),
            may_override=may_override,
            may_dispute=may_dispute and not any(d.status == "open" for d in disputes.get(key, [])),
            overrides=[_override_row(o, key, newest=n == 0) for n, o in enumerate(overrides.get(key, []))],
            disputes=[_dispute_row(d) for d in disputes.get(key, [])],
        )
        for key in names_of(attempt.score_breakdown or {}, attempt.rubric)
    }


def may_override_attempt(attempt: Attempt, member: Member) -> bool:
    """May this member decide criteria of the attempt? The database has the last word (may_correct_attempt)."""
    if not member.is_any("manager", "admin") or not _is_correctable(attempt):
        return False
    with connection.cursor() as cursor:
        cursor.execute("select may_correct_attempt(%s, %s)", [attempt.pk, attempt.user_id])
        row = cursor.fetchone()
    return bool(row and row[0])


def may_dispute_attempt(attempt: Attempt, member: Member) -> bool:
    """May this member dispute criteria: is it their own official attempt, with a score that says something?"""
    return attempt.user_id == member.user_id and _is_correctable(attempt)


def _is_correctable(attempt: Attempt) -> bool:
    """Scored, official, and enough said that at least one criterion was judged."""
    criteria = (attempt.score_breakdown or {}).get("criteria") or []
    judged = any(c["share"] is not None for c in criteria)
    return attempt.status == "scored" and attempt.mode == "official" and judged


def open_disputes() -> list[OpenDispute]:
    """What waits for an answer among the attempts that the acting member answers for, oldest first."""
    rows = Dispute.objects.filter(status="open").select_related("attempt__scenario", "user").order_by("created_at")
    return [
        OpenDispute(
            url=reverse("criterion", args=[row.attempt_id, row.criterion]),
            rep_name=row.user.full_name,
            scenario_title=row.attempt.scenario.title,
            label=names_of(row.attempt.score_breakdown or {}, row.attempt.rubric).get(row.criterion, row.criterion),
            reason=row.reason,
            at=row.created_at,
        )
        for row in rows[:200]
    ]


def history_of(attempt: Attempt) -> list[EarlierScore]:
    """The scores that others took the place of, newest first."""
    people = {str(e["by"]) for e in attempt.score_history if e.get("by")}
    names = {str(user.pk): user.full_name for user in User.objects.filter(pk__in=people)}
    return [_earlier(entry, names) for entry in reversed(attempt.score_history)]


def _earlier(entry: Mapping[str, Any], names: Mapping[str, str]) -> EarlierScore:
    return EarlierScore(
        score=entry.get("score"),
        passed=entry.get("passed"),
        rubric_version=entry.get("rubric_version"),
        replaced_at=parse_datetime(str(entry.get("replaced_at") or "")),
        why=_why(entry, names),
        criteria=[(c["label"], c["points"], c["weight"]) for c in entry.get("criteria") or []],
    )


def _why(entry: Mapping[str, Any], names: Mapping[str, str]) -> str:
    by = names.get(str(entry.get("by")), NOBODY if entry.get("by") else "the installation")
    cause, label = entry.get("cause"), entry.get("label") or entry.get("criterion")
    if cause == "override":
        return f"{by} decided {label}."
    if cause == "override_withdrawn":
        return f"{by} took back the decision on {label}."
    if cause == "rescore":
        move = entry.get("move")
        moved = f" {move['label']}: {move['why']}." if move else " No criterion moved."
        return f"Scored again by another version of the rubric, by {by}.{moved}"
    return "Scored again after the call was read again."


def _by_criterion(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.criterion, []).append(row)
    return found


def _override_row(row: Override, key: str, *, newest: bool) -> OverrideRow:
    was = "not judged" if row.computed_share is None else f"{100 * row.computed_share:.0f} %"
    if key.startswith(GATE):
        says = "The cap holds again" if row.share is None else "Cap lifted"
    elif row.share is None:
        says = f"Back to what was computed ({was})"
    else:
        says = f"{100 * row.share:.0f} % instead of {was}"
    return OverrideRow(
        says=says,
        by_name=row.by.full_name if row.by else NOBODY,
        reason=row.reason,
        at=row.created_at,
        counts=newest and row.share is not None,
    )


def _dispute_row(row: Dispute) -> DisputeRow:
    return DisputeRow(
        id=row.pk,
        reason=row.reason,
        by_name=row.user.full_name,
        at=row.created_at,
        status=row.status,
        answer=row.answer,
        answered_by_name=row.answered_by.full_name if row.answered_by else NOBODY,
        answered_at=row.answered_at,
    )
