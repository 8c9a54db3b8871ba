"""A person's picture: checked by its content, drawn anew, kept where only their organisation can read it."""

from __future__ import annotations

import io
from typing import IO

from django.core.files.base import ContentFile
from PIL import Image, ImageOps, UnidentifiedImageError

from parley.accounts.models import User
from parley.core.storage import bucket
from parley.core.tenancy import Member

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
SIDE = 512
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


class BadAvatar(Exception):
    """The file cannot be a picture of a person; the text says why and what to do."""


def keep_avatar(file: IO[bytes], *, by: Member) -> str:
    """Keep this picture as the member's own; returns its path in storage, `avatars/{org_id}/{user_id}.webp`.

    The picture is drawn anew at 512 pixels at most, so that nothing hidden in the file (place, scripts) is kept.
    Raises BadAvatar.
    """
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BadAvatar("The picture is larger than 5 MB; choose a smaller one.")
    path = f"{by.org_id}/{by.user_id}.webp"
    drawn = _draw(data)
    bucket("avatars").save(path, ContentFile(drawn))
    User.objects.filter(pk=by.user_id).update(avatar_url=f"avatars/{path}")
    return f"avatars/{path}"


def remove_avatar(*, by: Member) -> None:
    """Forget the member's picture; doing it twice is harmless."""
    bucket("avatars").delete(f"{by.org_id}/{by.user_id}.webp")
    User.objects.filter(pk=by.user_id).update(avatar_url="")


def _draw(data: bytes) -> bytes:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise BadAvatar("The picture has more than 40 million pixels; choose a smaller one.")
            drawn = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as problem:
        raise BadAvatar("This is no PNG, JPEG, WebP or GIF picture, or it is damaged; choose another.") from problem
    drawn.thumbnail((SIDE, SIDE))
    out = io.BytesIO()
    drawn.save(out, "WEBP", quality=85)
    return out.getvalue()
