"""Administration of the organisation."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from parley.accounts import avatars, retention
from parley.accounts.access import for_roles, member_of
from parley.accounts.actions import org as actions
from parley.accounts.forms.org import BandsForm, ConsentForm, FillersForm, OrgForm, RetentionForm, fillers_as_text
from parley.accounts.forms.own import PictureForm
from parley.accounts.models import Org
from parley.accounts.views.frame import admin_page

PARTS: dict[str, type[forms.Form]] = {
    "general": OrgForm,
    "consent": ConsentForm,
    "fillers": FillersForm,
    "bands": BandsForm,
}


@require_GET
@for_roles("admin")
def organisation(request: HttpRequest) -> HttpResponse:
    """Everything that an organisation decides about itself."""
    return _page(request)


@require_POST
@for_roles("admin")
def organisation_part(request: HttpRequest, part: str) -> HttpResponse:
    """Save one card of the page."""
    if part not in PARTS:
        raise Http404(f"The organisation has no part {part!r}.")
    form = PARTS[part](request.POST)
    if not form.is_valid():
        return _page(request, {part: form})
    org = actions.change_org(form.cleaned_data, by=member_of(request))
    version = f" People are asked to agree to version {org.consent_version}." if part == "consent" else ""
    messages.success(request, f"Saved.{version}")
    return redirect("admin-organisation")


@require_POST
@for_roles("admin")
def organisation_retention(request: HttpRequest) -> HttpResponse:
    """Show what fewer days would delete; save them once that was confirmed."""
    member, form = member_of(request), RetentionForm(request.POST)
    if not form.is_valid():
        return _page(request, {"retention": form})
    days = form.cleaned_data["retention_days"]
    shorter = days < Org.objects.values_list("retention_days", flat=True).get(pk=member.org_id)
    going = retention.what_would_go(member, days) if shorter else {}
    if shorter and request.POST.get("confirmed") != str(days):
        return _page(request, {"retention": form}, going=going, asked_days=days)
    actions.change_org(form.cleaned_data, by=member)
    messages.success(request, f"Recordings and words are kept for {days} days.")
    return redirect("admin-organisation")


@require_POST
@for_roles("admin")
def organisation_logo(request: HttpRequest) -> HttpResponse:
    """Keep a logo, or take it away."""
    member, form = member_of(request), PictureForm(request.POST, request.FILES)
    if "remove" in request.POST:
        actions.remove_logo(by=member)
        messages.success(request, "The logo is removed.")
        return redirect("admin-organisation")
    if form.is_valid():
        try:
            actions.keep_logo(form.cleaned_data["picture"].file, by=member)
            messages.success(request, "The logo is saved. It stands in the interface and in mails.")
            return redirect("admin-organisation")
        except avatars.BadAvatar as bad:
            form.add_error("picture", str(bad))
    return _page(request, {"logo": form})


def _page(
    request: HttpRequest,
    wrong: dict[str, forms.Form] | None = None,
    *,
    going: dict[str, int] | None = None,
    asked_days: int = 0,
) -> HttpResponse:
    org = Org.objects.get(pk=member_of(request).org_id)
    names = ("name", "timezone", "week_start", "reads_emotion")
    shown: dict[str, forms.Form] = {
        "general": OrgForm(initial={name: getattr(org, name) for name in names}),
        "consent": ConsentForm(initial={"recording_consent_text": org.recording_consent_text}),
        "fillers": FillersForm(initial={"fillers": fillers_as_text(org)}),
        "retention": RetentionForm(initial={"retention_days": org.retention_days}),
        "bands": BandsForm.of(org),
        "logo": PictureForm(),
    }
    context = {**shown, **(wrong or {}), "org": org, "going": going, "asked_days": asked_days}
    status = 422 if any(form.errors for form in (wrong or {}).values()) else 200
    return admin_page(request, "accounts/organisation.html", context, tab="admin-organisation", status=status)
