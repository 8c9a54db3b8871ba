"""What a browser shows when it reaches nobody: one page and its looks, kept by a service worker that keeps no data."""

from __future__ import annotations

import hashlib
import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from parley.shell.errors import OFFLINE, plain_page
from parley.shell.templatetags.assets import AssetsMissing, manifest


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page itself, as the service worker fetches it."""
    return HttpResponse(plain_page({"problem": OFFLINE, "here": ""}))


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script, with the addresses of what it keeps. Another build makes another script, so browsers renew it."""
    keeps = [reverse("offline"), *_looks()]
    version = hashlib.sha256(json.dumps(keeps).encode() + plain_page({"problem": OFFLINE}).encode()).hexdigest()[:12]
    context = {"keeps": json.dumps(keeps), "version": version}
    made = render(request, "shell/service-worker.js", context, content_type="text/javascript")
    made["Cache-Control"] = "no-cache"
    return made


def _looks() -> list[str]:
    """Stylesheet, Latin letters and the two scripts of the page."""
    files = ["theme.js", "again.js", "favicon.svg"]
    try:
        entry = manifest()["app.ts"]
    except (AssetsMissing, KeyError):
        files.append("plain.css")
    else:
        fonts = [name for name in entry.get("assets", []) if "-latin-wght" in name]
        files += [f"dist/{name}" for name in [*entry.get("css", []), *fonts]]
    return [static(name) for name in files]
