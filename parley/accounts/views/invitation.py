"""Where the link in an invitation leads. Open to anybody: the signed link is the permission."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from parley.accounts import invitations
from parley.accounts.models import Identity, User


class PasswordForm(forms.Form):
    """The password of somebody new."""

    password = forms.CharField(
        label="Choose a password",
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "new-password"}),
        help_text="At least 8 characters, and none that is easy to guess.",
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Join the organisation: with the identity of the invited address, or with a new one."""
    user = invitations.invited_by_token(token)
    if user is None:
        return render(request, "accounts/invitation_over.html", status=410)
    known = Identity.objects.filter(email__iexact=user.email).first()
    form = PasswordForm(request.POST if request.method == "POST" and known is None else None)
    context = {"invited": user, "known": known, "is_me": known is not None and known == request.user, "form": form}
    if request.method == "POST" and context["is_me"]:
        return _join(request, user, request.user)  # type: ignore[arg-type]
    if request.method == "POST" and known is None and form.is_valid():
        identity = invitations.make_identity(user, password=form.cleaned_data["password"])
        answer = _join(request, user, identity)
        perform_login(request, identity)
        return answer
    return render(request, "accounts/invitation.html", context, status=422 if form.errors else 200)


def _join(request: HttpRequest, user: User, identity: Identity) -> HttpResponse:
    if not invitations.accept(user, identity=identity):
        return render(request, "accounts/invitation_over.html", status=410)
    request.session["org_id"] = str(user.org_id)
    return redirect("dashboard")
