"""Pictures of people and the organisation's logo, for colleagues alone."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from parley.accounts.access import member_of
from parley.accounts.models import User
from parley.core.storage import bucket


@require_safe
def avatar(request: HttpRequest, user_id: UUID) -> HttpResponseBase:
    """The picture of a colleague. 404 when there is none."""
    user = get_object_or_404(User, pk=user_id)
    return _stored(user.avatar_url)


@require_safe
def logo(request: HttpRequest) -> HttpResponseBase:
    """The logo of the organisation. 404 when there is none."""
    return _stored(member_of(request).logo_url)


def _stored(url: str) -> HttpResponseBase:
    name, _, path = url.partition("/")
    if not path or not bucket(name).exists(path):
        raise Http404("There is no such picture.")
    answer = FileResponse(bucket(name).open(path, "rb"), content_type=f"image/{path.rpartition('.')[2]}")
    answer["Cache-Control"] = "private, max-age=300"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
