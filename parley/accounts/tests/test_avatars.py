"""Pictures are pictures, small, drawn anew, and open to colleagues only."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from PIL import Image

from parley.accounts.avatars import MAX_BYTES, BadAvatar, keep_avatar, remove_avatar
from parley.accounts.models import User
from parley.core.storage import bucket, sign_url
from parley.core.tenancy import acting_as
from tests.support.cast import Cast


@pytest.fixture(autouse=True)
def _own_bucket(settings: Any, tmp_path: Path) -> None:
    disk = {"BACKEND": "parley.core.storage.DiskBucket", "OPTIONS": {"location": str(tmp_path / "avatars")}}
    settings.STORAGES = {**settings.STORAGES, "avatars": disk}


def _picture(kind: str = "PNG", size: tuple[int, int] = (900, 600), **options: Any) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    out.seek(0)
    return out


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_it_is_drawn_anew_and_small(cast: Cast, kind: str) -> None:
    ben = cast.ben.member
    with acting_as(ben):
        path = keep_avatar(_picture(kind), by=ben)
        assert path == f"avatars/{ben.org_id}/{ben.user_id}.webp"
        assert User.objects.get(pk=ben.user_id).avatar_url == path
    with bucket("avatars").open(path.removeprefix("avatars/")) as file, Image.open(file) as kept:
        assert (kept.format, kept.size) == ("WEBP", (512, 512))


def test_what_is_hidden_in_the_file_is_not_kept(cast: Cast) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at my home"
    with acting_as(cast.ben.member):
        path = keep_avatar(_picture("JPEG", exif=exif), by=cast.ben.member)
    with bucket("avatars").open(path.removeprefix("avatars/")) as file:
        assert b"my home" not in file.read()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
    ],
)
def test_what_is_no_picture_is_refused(cast: Cast, data: bytes) -> None:
    with acting_as(cast.ben.member), pytest.raises(BadAvatar, match="no PNG"):
        keep_avatar(io.BytesIO(data), by=cast.ben.member)


def test_a_file_over_5_mb_is_refused(cast: Cast) -> None:
    with acting_as(cast.ben.member), pytest.raises(BadAvatar, match="5 MB"):
        keep_avatar(io.BytesIO(b"x" * (MAX_BYTES + 1)), by=cast.ben.member)


def test_colleagues_may_open_it_and_nobody_else(cast: Cast) -> None:
    with acting_as(cast.ben.member):
        path = keep_avatar(_picture(), by=cast.ben.member).removeprefix("avatars/")
    with acting_as(cast.hana.member):
        assert sign_url("avatars", path).startswith("/storage/avatars/")
    with pytest.raises(DatabaseError, match="may not read"), acting_as(cast.carla.member):
        sign_url("avatars", path)


def test_it_can_be_removed(cast: Cast) -> None:
    with acting_as(cast.ben.member):
        path = keep_avatar(_picture(), by=cast.ben.member).removeprefix("avatars/")
        remove_avatar(by=cast.ben.member)
        remove_avatar(by=cast.ben.member)
        assert User.objects.get(pk=cast.ben.user.pk).avatar_url == ""
    assert not bucket("avatars").exists(path)
