"""Pages that span the domains."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from parley.core.tenancy import Member
from parley.shell import design
from parley.shell.help import find_doc, get_shelves
from parley.shell.live import news
from parley.shell.search import search


@require_GET
def design_system(request: HttpRequest) -> HttpResponse:
    """Every component live, with the code that makes it; for admins."""
    member: Member = request.member  # type: ignore[attr-defined]
    if member.role != "admin":
        raise PermissionDenied("The design system is shown to admins.")
    context = {
        "groups": design.examples(),
        "sample": design.sample(request),
        "themes": ("light", "dark"),
        "swatches": design.SWATCHES,
    }
    return render(request, "shell/design_system.html", context)


@require_GET
def menu(request: HttpRequest) -> HttpResponse:
    """Every page as a list: what the menu button leads to before its script arrives."""
    return render(request, "shell/menu.html")


@require_GET
def sidebar_counts(request: HttpRequest) -> HttpResponse:
    """The numbers of the sidebar alone, which take the place of the old ones by their ids."""
    return render(request, "shell/_counts.html")


@require_POST
def sidebar_width(request: HttpRequest) -> HttpResponse:
    """Remember for a year whether the sidebar is narrow on this device."""
    answer = redirect(_back(request))
    narrow = request.POST.get("width") == "narrow"
    answer.set_cookie("sidebar", "collapsed" if narrow else "open", max_age=31_536_000, samesite="Lax")
    return answer


def _back(request: HttpRequest) -> str:
    """The page of ours that asked, else the dashboard."""
    asked = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return asked if here else reverse("dashboard")


@require_GET
def live(request: HttpRequest) -> StreamingHttpResponse:
    """What happens, as it happens: server-sent events, from where the page last stood."""
    member: Member = request.member  # type: ignore[attr-defined]
    stood = request.headers.get("Last-Event-ID") or request.GET.get("since", "")
    since = int(stood) if stood.isascii() and stood.isdigit() and len(stood) < 19 else None
    answer = StreamingHttpResponse(news(member, since), content_type="text/event-stream")
    answer["Cache-Control"] = "no-cache"
    answer["X-Accel-Buffering"] = "no"
    return answer


@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    """What answers `q`: a page, or with `part` the command menu's options alone."""
    member: Member = request.member  # type: ignore[attr-defined]
    words = request.GET.get("q", "").replace("\x00", "")
    template = "shell/_search_hits.html" if "part" in request.GET else "shell/search.html"
    return render(request, template, {"groups": search(words, member), "words": words})


@require_GET
def help_index(request: HttpRequest) -> HttpResponse:
    """The docs, under their headings."""
    return render(request, "shell/help.html", {"shelves": get_shelves()})


@require_GET
def help_doc(request: HttpRequest, slug: str) -> HttpResponse:
    """One doc with its table of contents."""
    doc = find_doc(slug)
    if doc is None:
        raise Http404(f"There is no help about {slug!r}.")
    return render(request, "shell/help_doc.html", {"doc": doc, "here": doc.title})
