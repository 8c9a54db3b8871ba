"""Settings of the person who looks at them, within their organisation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parley.accounts import actions, avatars, queries
from parley.accounts.access import member_of
from parley.accounts.actions.own import change_preferences, change_profile
from parley.accounts.forms.own import PictureForm, PreferencesForm, ProfileForm
from parley.accounts.models import User
from parley.accounts.views.frame import settings_page

THEME_COOKIE = "theme"


@require_GET
def settings_start(request: HttpRequest) -> HttpResponse:
    """Settings begin with the profile."""
    return redirect("settings-profile")


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Read and change one's own profile."""
    member = member_of(request)
    user = User.objects.select_related("team").get(pk=member.user_id)
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        change_profile(form.cleaned_data, by=member)
        messages.success(request, "Your profile is saved.")
        return redirect("settings-profile")
    return _profile_page(request, form, PictureForm())


@require_POST
def picture(request: HttpRequest) -> HttpResponse:
    """Keep a picture as one's own, or take it away."""
    member = member_of(request)
    if "remove" in request.POST:
        avatars.remove_avatar(by=member)
        messages.success(request, "Your picture is removed.")
        return redirect("settings-profile")
    form = PictureForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            avatars.keep_avatar(form.cleaned_data["picture"].file, by=member, square=form.square())
            messages.success(request, "Your picture is saved.")
            return redirect("settings-profile")
        except avatars.BadAvatar as bad:
            form.add_error("picture", str(bad))
    user = User.objects.select_related("team").get(pk=member.user_id)
    return _profile_page(request, ProfileForm(instance=user), form)


def _profile_page(request: HttpRequest, form: ProfileForm, picture_form: PictureForm) -> HttpResponse:
    # A form fills in its instance while it checks, so what is shown beside it is read again.
    user = User.objects.select_related("team__manager", "org").get(pk=member_of(request).user_id)
    context = {"form": form, "picture_form": picture_form, "user": user}
    wrong = form.errors or picture_form.errors
    return settings_page(
        request, "accounts/profile.html", context, tab="settings-profile", status=422 if wrong else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Theme, formats, time zone, mails, microphone."""
    member = member_of(request)
    user = User.objects.get(pk=member.user_id)
    form = (
        PreferencesForm(request.POST, member=member) if request.method == "POST" else PreferencesForm.of(user, member)
    )
    if request.method == "POST" and form.is_valid():
        change_preferences(**form.cleaned_data, by=member)
        messages.success(request, "Your preferences are saved.")
        answer = redirect("settings-preferences")
        # theme.js reads it before the first paint.
        answer.set_cookie(THEME_COOKIE, form.cleaned_data["theme"], max_age=3600, samesite="Lax")
        return answer
    status = 422 if form.errors else 200
    return settings_page(
        request, "accounts/preferences.html", {"form": form}, tab="settings-preferences", status=status
    )


@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: HttpRequest) -> HttpResponse:
    """What the person agreed to, in which version, and the way to agree or take it back."""
    member = member_of(request)
    if request.method == "POST":
        if request.POST.get("change") == "give":
            actions.give_consent(by=member)
            messages.success(request, "Thank you. You can practise.")
        elif request.POST.get("change") == "withdraw" and request.POST.get("understood"):
            actions.withdraw_consent(by=member)
            messages.success(request, "Your consent is withdrawn. You can give it again at any time.")
        else:
            messages.error(request, "Nothing was changed: tick the box to confirm that you withdraw your consent.")
        return redirect("settings-consents")
    context = {"standing": queries.consents_of(member)}
    return settings_page(request, "accounts/consents.html", context, tab="settings-consents")
