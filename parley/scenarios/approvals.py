"""Whether a compliance officer of the organisation stands behind a rule pack, and what readers are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from parley.core import events
from parley.core.tenancy import Member
from parley.scenarios.compliance import CompliancePack, pack_for, pack_names
from parley.scenarios.models import PackApproval

LONGEST = timedelta(days=731)
"""Rules change; nobody approves them for longer than two years."""

State = Literal["approved", "expired", "outdated", "missing"]


class CannotApprove(Exception):
    """A rule pack cannot be approved like this; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a rule pack stands in the acting member's organisation."""

    pack: CompliancePack
    state: State
    approval: PackApproval | None
    """The newest one that was not withdrawn, for whichever version."""


@transaction.atomic
def approve_pack(
    pack_id: str, *, version: int, officer: str, valid_until: date, by: Member, note: str = ""
) -> PackApproval:
    """Record that a compliance officer approved this version of a pack; the same again changes nothing.

    Raises CannotApprove when the member is no admin, the version is not the current one or the day is out of range.
    """
    pack = _pack_or_refuse(pack_id)
    today = timezone.localdate()
    if not by.is_any("admin"):
        raise CannotApprove("Only an admin records the approval of a rule pack; ask one of yours.")
    if version != pack.version:
        raise CannotApprove(f"Version {version} is not current; read version {pack.version} and approve that one.")
    if not officer.strip():
        raise CannotApprove("Name the compliance officer who approved the rules.")
    if not today < valid_until <= today + LONGEST:
        raise CannotApprove(f"{valid_until} is out of range; an approval ends after today and within two years.")
    wanted = {"version": version, "officer": officer.strip(), "valid_until": valid_until, "note": note.strip()}
    newest = _newest(pack_id)
    if newest and all(getattr(newest, name) == value for name, value in wanted.items()):
        return newest
    row = PackApproval.objects.create(org_id=by.org_id, pack=pack_id, by_id=by.user_id, **wanted)
    data = {"pack": pack_id, "version": version, "valid_until": valid_until.isoformat()}
    events.record("pack.approved", org_id=by.org_id, subject=("pack_approval", row.pk), actor_id=by.user_id, data=data)
    return row


@transaction.atomic
def withdraw_approval(approval_id: UUID, *, by: Member) -> bool:
    """Take an approval back; False when it does not exist here or somebody did so before. Raises CannotApprove."""
    if not by.is_any("admin"):
        raise CannotApprove("Only an admin withdraws the approval of a rule pack; ask one of yours.")
    taken = PackApproval.objects.filter(pk=approval_id, org_id=by.org_id, withdrawn_at=None).update(
        withdrawn_at=timezone.now(), withdrawn_by_id=by.user_id
    )
    if taken:
        events.record("pack.withdrawn", org_id=by.org_id, subject=("pack_approval", approval_id), actor_id=by.user_id)
    return bool(taken)


def standings(on: date | None = None) -> list[Standing]:
    """Every shipped rule pack as it stands on a day, by name."""
    day = on or timezone.localdate()
    packs = [pack for name in pack_names() if (pack := pack_for(name))]
    return [_standing(pack, pack.version, day) for pack in packs]


def history(pack_id: str) -> list[PackApproval]:
    """All approvals of a pack in the acting member's organisation, newest first."""
    return list(PackApproval.objects.filter(pack=pack_id).select_related("by", "withdrawn_by").order_by("-at"))


def notice(rubric: Mapping[str, Any], on: date | None = None) -> str:
    """What to tell readers of calls held by this rubric; empty when its rules are approved, or it has none."""
    used = rubric.get("compliance_pack")
    pack = pack_for(used["id"]) if used else None
    if not used or pack is None:
        return ""
    standing = _standing(pack, used["version"], on or timezone.localdate())
    name = f"the compliance rules “{used['title']}”, version {used['version']}"
    ended = standing.approval.valid_until.strftime("%d %b %Y") if standing.approval else ""
    return {
        "approved": "",
        "expired": f"The approval of {name} ended on {ended}. Until your compliance officer renews it they only train.",
        "outdated": f"Your compliance officer approved another version of {name}. Until they do they only train.",
        "missing": f"Your compliance officer has not approved {name}. Until then they only train; no legal advice.",
    }[standing.state]


def approved_by(rubric: Mapping[str, Any]) -> PackApproval | None:
    """The approval that stands behind this rubric's rules today, if one does."""
    used = rubric.get("compliance_pack")
    pack = pack_for(used["id"]) if used else None
    standing = _standing(pack, used["version"], timezone.localdate()) if used and pack else None
    return standing.approval if standing and standing.state == "approved" else None


def _standing(pack: CompliancePack, version: int, day: date) -> Standing:
    newest = _newest(pack.id, version) or _newest(pack.id)
    state: State = "approved"
    if newest is None:
        state = "missing"
    elif newest.version != version:
        state = "outdated"
    elif newest.valid_until < day:
        state = "expired"
    return Standing(pack, state, newest)


def _newest(pack_id: str, version: int | None = None) -> PackApproval | None:
    rows = PackApproval.objects.filter(pack=pack_id, withdrawn_at=None).select_related("by").order_by("-at")
    return (rows.filter(version=version) if version else rows).first()


def _pack_or_refuse(pack_id: str) -> CompliancePack:
    pack = pack_for(pack_id)
    if pack is None:
        raise CannotApprove(f"There is no rule pack {pack_id!r}; use one of {', '.join(pack_names())}.")
    return pack
