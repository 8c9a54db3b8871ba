"""The settings page of the rule packs: what they check, and who stands behind them until when."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from parley.core.tenancy import Member
from parley.scenarios import approvals
from parley.scenarios.compliance import pack_for
from parley.scenarios.forms import ApprovalForm


@require_GET
def compliance(request: HttpRequest) -> HttpResponse:
    """All rule packs with their approvals; admins record one, hr reads."""
    member = _admin_or_hr(request)
    return render(request, "scenarios/compliance.html", {"packs": _cards(member, None, None)})


@require_POST
def approvals_of_pack(request: HttpRequest, pack: str) -> HttpResponse:
    """Record an approval; what is wrong with it is shown on the page, with nothing lost."""
    member = _admin_or_hr(request)
    if pack_for(pack) is None:
        raise Http404(f"There is no rule pack {pack!r}.")
    form = ApprovalForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            approvals.approve_pack(
                pack, version=given["version"], officer=given["officer"], valid_until=given["valid_until"],
                note=given["note"], by=member,
            )  # fmt: skip
            messages.success(request, f"Approved until {given['valid_until']:%d %b %Y}.")
            return redirect("compliance-settings")
        except approvals.CannotApprove as refused:
            form.add_error(None, str(refused))
    return render(request, "scenarios/compliance.html", {"packs": _cards(member, pack, form)}, status=422)


@require_POST
def approval_withdrawal(request: HttpRequest, approval_id: UUID) -> HttpResponse:
    """Take an approval back."""
    member = _admin_or_hr(request)
    try:
        if approvals.withdraw_approval(approval_id, by=member):
            messages.success(request, "The approval is withdrawn. Pages that show these rules say so.")
    except approvals.CannotApprove as refused:
        raise PermissionDenied(str(refused)) from None
    return redirect("compliance-settings")


def _admin_or_hr(request: HttpRequest) -> Member:
    member: Member = request.member  # type: ignore[attr-defined]
    if not member.is_any("admin", "hr"):
        raise PermissionDenied("Rule packs are for admins; hr may read them.")
    return member


def _cards(member: Member, pack_id: str | None, form: ApprovalForm | None) -> list[dict[str, object]]:
    return [
        {
            "standing": standing,
            "pack": standing.pack,
            "history": approvals.history(standing.pack.id),
            "may_approve": member.is_any("admin"),
            "form": form if form and standing.pack.id == pack_id
            else ApprovalForm(initial={"version": standing.pack.version}, auto_id=f"id_{standing.pack.id}_%s"),
        }
        for standing in approvals.standings()
    ]  # fmt: skip
