"""Sign-in by one click on a demo, and the page for people without a profile."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from parley.accounts import demo, queries
from parley.accounts.models import Identity

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@ensure_csrf_cookie
def demo_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Sign in as one of the demo people by role. 404 unless this is a demo installation asked from this machine."""
    if not demo.is_demo(request):
        raise Http404
    if request.method != "POST":
        return redirect("account_login")
    role = request.POST.get("role", "trainee")
    person = next((person for person in demo.DEMO_MEMBERS if person.role == role), None)
    identity = Identity.objects.filter(email=person.email).first() if person else None
    if identity is None:
        return HttpResponse(
            f"There is no demo person with the role {role[:40]!r}; use trainee, manager, admin or hr.", status=400
        )
    login(request, identity, backend=_BACKEND)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"email": identity.email, "role": role})
    target = request.POST.get("next", "")
    return redirect(target if _is_path(target) else "dashboard")


def _is_path(value: str) -> bool:
    return value.startswith("/") and not value.startswith(("//", "/\\"))


@require_GET
def no_membership(request: HttpRequest) -> HttpResponse:
    """Says what to do when somebody signed in has no profile in any organisation."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    if queries.memberships(request.user):
        return redirect("dashboard")
    return render(request, "no_membership.html", status=403)


@require_POST
def switch_org(request: HttpRequest) -> HttpResponse:
    """Act in another organisation of the same identity from now on."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    chosen = request.POST.get("org_id", "")
    if chosen in {str(member.org_id) for member in queries.memberships(request.user)}:
        request.session["org_id"] = chosen
    return redirect("dashboard")
