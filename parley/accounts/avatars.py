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


Square = tuple[float, float, float]
"""Left, top and width of a square, as shares of the picture's width, height and shorter side."""


def keep_avatar(file: IO[bytes], *, by: Member, square: Square | None = None) -> str:
    """Keep this square of a picture as the member's own, its middle when none is given.

    Returns its path in storage, `avatars/{org_id}/{user_id}.webp`. The picture is drawn anew at 512 pixels at most, so
    that nothing hidden in the file (place, scripts) is kept. Raises BadAvatar.
    """
    path = f"{by.org_id}/{by.user_id}.webp"
    drawn = as_bytes(cut(read_picture(file), square), "WEBP")
    bucket("avatars").save(path, ContentFile(drawn))
    User.objects.filter(pk=by.user_id).update(avatar_url=f"avatars/{path}")
    return f"avatars/{path}"


def remove_avatar(*, by: Member) -> None:
    """Forget the member's picture; doing it twice is harmless."""
    bucket("avatars").delete(f"{by.org_id}/{by.user_id}.webp")
    User.objects.filter(pk=by.user_id).update(avatar_url="")


def read_picture(file: IO[bytes], mode: str = "RGB") -> Image.Image:
    """The picture in this file, upright. Raises BadAvatar when it is none, too large, or damaged."""
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise BadAvatar("The picture is larger than 5 MB; choose a smaller one.")
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise BadAvatar("The picture has more than 40 million pixels; choose a smaller one.")
            return ImageOps.exif_transpose(image).convert(mode)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as problem:
        raise BadAvatar("This is no PNG, JPEG, WebP or GIF picture, or it is damaged; choose another.") from problem


def cut(image: Image.Image, square: Square | None) -> Image.Image:
    """A square of the picture, at most 512 pixels a side; what reaches over an edge is moved inside."""
    shorter = min(image.size)
    side = max(1, round(shorter * square[2])) if square else shorter
    left = round(image.width * square[0]) if square else (image.width - side) // 2
    top = round(image.height * square[1]) if square else (image.height - side) // 2
    left, top = min(left, image.width - side), min(top, image.height - side)
    piece = image.crop((left, top, left + side, top + side))
    piece.thumbnail((SIDE, SIDE))
    return piece


def as_bytes(image: Image.Image, kind: str) -> bytes:
    """The picture as a file of this kind."""
    out = io.BytesIO()
    image.save(out, kind, quality=85)
    return out.getvalue()
