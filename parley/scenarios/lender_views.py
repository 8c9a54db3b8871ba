"""Pages about the organisation's figures: admins and managers write them, everybody reads."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parley.accounts.access import for_roles, member_of
from parley.scenarios import lender
from parley.scenarios.lender_forms import EndForm, FactForm
from parley.scenarios.models import LenderFact


@require_GET
@for_roles("admin", "manager", "hr")
def figures(request: HttpRequest) -> HttpResponse:
    """What stands today and what begins later, by kind."""
    found = lender.lines()
    context = {
        "groups": [(kind, words, lender.ONE[kind], found[kind]) for kind, words in lender.KINDS.items()],
        "checked": lender.standing_figures(),
        "may_write": member_of(request).is_any("admin", "manager"),
        "today": timezone.localdate(),
    }
    return render(request, "scenarios/lender.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles("admin", "manager")
def new_figure(request: HttpRequest, kind: str) -> HttpResponse:
    """Write a new row; one of the same name takes the place of the earlier one on its first day."""
    if kind not in lender.KINDS:
        raise Http404(f"There is no kind of lender data {kind!r}; use one of {', '.join(lender.KINDS)}.")
    before = LenderFact.objects.filter(pk=request.GET["after"]).first() if _is_uuid(request.GET.get("after")) else None
    form = FactForm(request.POST, kind=kind) if request.method == "POST" else _fresh(kind, before)
    if request.method == "POST" and form.is_valid():
        try:
            key = before.key if before is not None and before.kind == kind else ""
            row = lender.add_fact(kind=kind, key=key, by=member_of(request), **form.fact())
            messages.success(
                request, f"“{row.label}” is saved. Calls that begin from {row.valid_from:%d %b %Y} on use it."
            )
            return redirect("lender-data")
        except lender.CannotChange as refused:
            form.add_error(None, str(refused))
    return _form_page(request, form, {"kind": kind, "one": lender.ONE[kind], "before": before})


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles("admin", "manager")
def figure(request: HttpRequest, fact_id: UUID) -> HttpResponse:
    """Correct a row, see what was before and after it, end it."""
    fact = get_object_or_404(LenderFact, pk=fact_id)
    form = FactForm(request.POST, kind=fact.kind) if request.method == "POST" else FactForm.of(fact)
    if request.method == "POST" and form.is_valid():
        try:
            lender.change_fact(fact_id, form.fact(), by=member_of(request))
            messages.success(request, "Saved. Calls that were held keep the figures of their day.")
            return redirect("lender-fact", fact_id=fact_id)
        except lender.CannotChange as refused:
            form.add_error(None, str(refused))
    return _form_page(request, form, {"kind": fact.kind, "one": lender.ONE[fact.kind], "fact": fact})


@require_POST
@for_roles("admin", "manager")
def figure_end(request: HttpRequest, fact_id: UUID) -> HttpResponse:
    """End a row after a day."""
    fact, form = get_object_or_404(LenderFact, pk=fact_id), EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"“{request.POST.get('last_day', '')[:40]}” is no day; choose the last one.")
        return redirect("lender-fact", fact_id=fact_id)
    try:
        lender.end_fact(fact_id, last_day=form.cleaned_data["last_day"], by=member_of(request))
        messages.success(request, f"“{fact.label}” ends after {form.cleaned_data['last_day']:%d %b %Y}.")
    except lender.CannotChange as refused:
        messages.error(request, str(refused))
    return redirect("lender-fact", fact_id=fact_id)


def _fresh(kind: str, before: LenderFact | None) -> FactForm:
    if before is None or before.kind != kind:
        return FactForm.empty(kind)
    shown = {"label": before.label, "note": before.note, "valid_from": timezone.localdate(), **before.value}
    return FactForm(initial=shown, kind=kind)


def _form_page(request: HttpRequest, form: FactForm, context: dict[str, Any]) -> HttpResponse:
    fact = context.get("fact")
    lines = lender.history(fact) if fact else []
    shown = {
        "form": form,
        "lines": lines,
        "state": next((line.state for line in lines if line.fact.pk == fact.pk), "") if fact else "",
        "end": EndForm(initial={"last_day": timezone.localdate()}),
        **context,
    }
    return render(request, "scenarios/lender_fact.html", shown, status=422 if form.errors else 200)


def _is_uuid(text: str | None) -> bool:
    try:
        UUID(text or "")
    except ValueError:
        return False
    return True
