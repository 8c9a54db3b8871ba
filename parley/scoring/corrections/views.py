"""The page of one criterion, where it is overridden, disputed and answered; and the list of open disputes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from parley.calls.models import Attempt
from parley.core.tenancy import Member
from parley.scoring import queries as reviews
from parley.scoring.corrections import actions, queries
from parley.scoring.corrections.forms import AcceptForm, DeclineForm, DisputeForm, OverrideForm, WithdrawForm
from parley.scoring.models import GATE, Dispute


@dataclass(frozen=True)
class _Subject:
    """The criterion that an address names, as the acting member may see it."""

    member: Member
    attempt: Attempt
    criterion: str
    label: str

    @property
    def share_options(self) -> dict[str, Any]:
        rows = self.attempt.rubric.get("criteria") or []
        anchors = next((c.get("anchors") or [] for c in rows if c["id"] == self.criterion), [])
        return {"anchors": anchors, "is_cap": self.criterion.startswith(GATE)}


@require_GET
def disputes(request: HttpRequest) -> HttpResponse:
    """What waits for an answer of this manager or admin."""
    member: Member = request.member  # type: ignore[attr-defined]
    if not member.is_any("manager", "admin"):
        raise PermissionDenied("Disputes are answered by managers and admins; yours are on the review of each call.")
    return render(request, "scoring/disputes.html", {"disputes": queries.open_disputes()})


@require_GET
def criterion(request: HttpRequest, attempt_id: UUID, criterion: str) -> HttpResponse:
    """One criterion of one call: both numbers, who decided and disputed what, and the forms for it."""
    return _page(request, _subject(request, attempt_id, criterion))


@require_POST
def override(request: HttpRequest, attempt_id: UUID, criterion: str) -> HttpResponse:
    """Let a share count from now on."""
    subject = _subject(request, attempt_id, criterion)
    form = OverrideForm(request.POST, **subject.share_options)
    return _act(request, subject, "override_form", form, lambda: _override(subject, form.share, form))


@require_POST
def withdraw_override(request: HttpRequest, attempt_id: UUID, criterion: str) -> HttpResponse:
    """Go back to what was computed."""
    subject = _subject(request, attempt_id, criterion)
    form = WithdrawForm(request.POST)
    return _act(request, subject, "withdraw_form", form, lambda: _override(subject, None, form))


@require_POST
def dispute(request: HttpRequest, attempt_id: UUID, criterion: str) -> HttpResponse:
    """Object to a criterion of one's own call."""
    subject = _subject(request, attempt_id, criterion)
    form = DisputeForm(request.POST)
    return _act(request, subject, "dispute_form", form, lambda: _dispute(subject, form))


@require_POST
def accept(request: HttpRequest, attempt_id: UUID, criterion: str, dispute_id: UUID) -> HttpResponse:
    """Accept a dispute: its criterion is overridden."""
    subject, found = _subject(request, attempt_id, criterion), _dispute_or_404(request, attempt_id, dispute_id)
    form = AcceptForm(request.POST, **subject.share_options)
    return _act(request, subject, "accept_form", form, lambda: _answer(subject, found, form, share=form.share))


@require_POST
def decline(request: HttpRequest, attempt_id: UUID, criterion: str, dispute_id: UUID) -> HttpResponse:
    """Decline a dispute with a reason."""
    subject, found = _subject(request, attempt_id, criterion), _dispute_or_404(request, attempt_id, dispute_id)
    form = DeclineForm(request.POST)
    return _act(request, subject, "decline_form", form, lambda: _answer(subject, found, form, share=None))


@require_POST
def withdraw_dispute(request: HttpRequest, attempt_id: UUID, criterion: str, dispute_id: UUID) -> HttpResponse:
    """Take back one's own dispute."""
    subject, found = _subject(request, attempt_id, criterion), _dispute_or_404(request, attempt_id, dispute_id)
    return _act(request, subject, "", None, lambda: actions.withdraw_dispute(found, by=subject.member))


def _override(subject: _Subject, share: float | None, form: forms.Form) -> None:
    reason = form.cleaned_data["reason"]
    actions.override_criterion(subject.attempt, subject.criterion, share=share, reason=reason, by=subject.member)


def _dispute(subject: _Subject, form: forms.Form) -> None:
    actions.open_dispute(subject.attempt, subject.criterion, reason=form.cleaned_data["reason"], by=subject.member)


def _answer(subject: _Subject, found: Dispute, form: forms.Form, *, share: float | None) -> None:
    answer = form.cleaned_data["answer"]
    actions.answer_dispute(found, accept=share is not None, share=share, answer=answer, by=subject.member)


def _act(
    request: HttpRequest, subject: _Subject, name: str, form: forms.Form | None, work: Callable[[], object]
) -> HttpResponse:
    """Do it and go back to the page; or show the page again with what was typed and what is wrong."""
    if form is not None and not form.is_valid():
        return _page(request, subject, status=422, **{name: form})
    try:
        work()
    except actions.CannotCorrect as problem:
        kept = {name: form} if form is not None else {}
        return _page(request, subject, status=409, problem=str(problem), **kept)
    return redirect("criterion", attempt_id=subject.attempt.pk, criterion=subject.criterion)


def _page(request: HttpRequest, subject: _Subject, *, status: int = 200, **typed: Any) -> HttpResponse:
    review = reviews.get_review(subject.attempt.pk, subject.member)
    if review is None or review.score is None:
        raise Http404("This call has no score yet.")
    options = subject.share_options
    context = {
        "review": review,
        "label": subject.label,
        "criterion": subject.criterion,
        "is_cap": options["is_cap"],
        "row": next((row for row in review.score.criteria if row.id == subject.criterion), None),
        "correction": review.score.corrections.get(subject.criterion),
        "override_form": OverrideForm(**options),
        "withdraw_form": WithdrawForm(),
        "dispute_form": DisputeForm(),
        "accept_form": AcceptForm(**options),
        "decline_form": DeclineForm(),
        **typed,
    }
    return render(request, "scoring/criterion.html", context, status=status)


def _subject(request: HttpRequest, attempt_id: UUID, criterion: str) -> _Subject:
    member: Member = request.member  # type: ignore[attr-defined]
    attempt = Attempt.objects.select_related("scenario", "user").filter(pk=attempt_id).first()
    if attempt is None:
        raise Http404("This call does not exist, or it is not yours to review.")
    label = queries.names_of(attempt.score_breakdown or {}, attempt.rubric).get(criterion)
    if label is None:
        raise Http404(f"The score of this call has no criterion {criterion!r}.")
    return _Subject(member, attempt, criterion, label)


def _dispute_or_404(request: HttpRequest, attempt_id: UUID, dispute_id: UUID) -> Dispute:
    attempt = Attempt.objects.filter(pk=attempt_id).first()
    found = actions.find_dispute(attempt, dispute_id) if attempt else None
    if found is None:
        raise Http404("This dispute does not exist, or it is not yours to see.")
    return found
