"""Each bucket takes what it is for, by content, size and path, and says why when it does not."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image

from parley.core import buckets
from parley.core.buckets import LIMITS, MB, Unfit
from parley.core.storage import DiskBucket

ORG, ROW = str(uuid.uuid4()), str(uuid.uuid4())
PLACES = {
    "recordings": f"{ORG}/{ROW}",
    "transcripts": f"{ORG}/{ROW}",
    "avatars": f"{ORG}/{ROW}",
    "org-assets": f"{ORG}/logo",
    "scenario-assets": f"{ORG}/s01/price-list",
    "exports": f"{ORG}/{ROW}/report-2026",
    "tmp": "calls/1/000001-0.pcm",
}


def _picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, kind)
    return out.getvalue()


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", "b")
    return out.getvalue()


CONTENT = {
    "flac": b"fLaC\0\0", "wav": b"RIFF\x24\0\0\0WAVEfmt ", "ogg": b"OggS\0\2", "mp3": b"ID3\4\0",
    "json": json.dumps([{"text": "Grüß Gott 😀 שלום"}]).encode(), "txt": "Rep: 😀".encode(), "csv": b"a,b\n1,2\n",
    "zip": _zip(), "pdf": b"%PDF-1.7\n", "png": _picture("PNG"), "jpg": _picture("JPEG"), "jpeg": _picture("JPEG"),
    "webp": _picture("WEBP"), "gif": _picture("GIF"),
}  # fmt: skip
EVERY = [(name, kind) for name, limits in LIMITS.items() for kind in limits.kinds]


@pytest.fixture
def disk(tmp_path: Path) -> Any:
    return lambda name: DiskBucket(location=str(tmp_path / name))


def test_every_bucket_of_the_settings_has_limits() -> None:
    assert tuple(LIMITS) == tuple(settings.BUCKETS)
    assert set(buckets.CONTENT_TYPES) == {kind for _, kind in EVERY} == set(CONTENT)


@pytest.mark.parametrize(("name", "kind"), EVERY)
def test_it_takes_what_it_is_for(disk: Any, name: str, kind: str) -> None:
    path = f"{PLACES[name]}.{kind}"
    assert disk(name).save(path, ContentFile(CONTENT[kind])) == path
    with disk(name).open(path) as file:
        assert file.read() == CONTENT[kind]


@pytest.mark.parametrize(("name", "kind"), EVERY)
def test_it_believes_the_content_and_not_the_name(disk: Any, name: str, kind: str) -> None:
    for other in (b"", b"<svg><script/></svg>\0", b"MZ\x90\0", CONTENT["pdf" if kind != "pdf" else "gif"] + b"\0\xff"):
        if kind in ("txt", "csv") and other == b"":
            continue  # an empty text is a text
        with pytest.raises(Unfit, match=rf"by its content no {kind.upper()} file.*save it as"):
            disk(name).save(f"{PLACES[name]}.{kind}", ContentFile(other))
        assert not disk(name).exists(f"{PLACES[name]}.{kind}")


@pytest.mark.parametrize("name", [name for name in LIMITS if LIMITS[name].kinds])
@pytest.mark.parametrize("ending", [".exe", ".svg", ".html", "", ".PNG.exe"])
def test_it_refuses_other_kinds(disk: Any, name: str, ending: str) -> None:
    with pytest.raises(Unfit, match=rf"{name} takes .* files, not .*convert"):
        disk(name).save(f"{PLACES[name]}{ending}", ContentFile(b"x"))


@pytest.mark.parametrize("name", list(LIMITS))
def test_it_refuses_paths_of_another_shape(disk: Any, name: str) -> None:
    kind = LIMITS[name].kinds[0] if LIMITS[name].kinds else "pcm"
    odd = ["", ".hidden/", "../", f"{ORG}/../", f"{ORG}//", "/etc/"] + (
        [f"{ORG}/", ORG.upper() + "/"] * bool(kind != "pcm")
    )
    for place in odd:
        path = f"{place}a b/c.{kind}" if place == f"{ORG}/" else f"{place}x.{kind}" if place != "" else f".{kind}"
        if name == "org-assets" and place == f"{ORG}/":
            path = f"{ORG}/a b.{kind}"
        with pytest.raises(Unfit, match=r"does not fit|takes .* files"):
            disk(name).save(path, ContentFile(CONTENT.get(kind, b"x")))


@pytest.mark.parametrize("name", list(LIMITS))
def test_it_refuses_what_is_too_large(name: str) -> None:
    most = LIMITS[name].max_bytes
    kind = LIMITS[name].kinds[0] if LIMITS[name].kinds else ""
    path = f"{PLACES[name]}.{kind}" if kind else PLACES[name]
    file = io.BytesIO(CONTENT.get(kind, b"x"))
    buckets.check(name, path, file, most)
    assert file.tell() == 0
    with pytest.raises(Unfit, match=rf"{name} takes at most {most // MB} MB. Make it smaller"):
        buckets.check(name, path, file, most + 1)


def test_the_page_says_what_each_bucket_takes() -> None:
    page = (settings.BASE_DIR / "docs" / "reference" / "storage.md").read_text(encoding="utf-8")
    table = page.split("buckets.py -->\n")[1].split("\n<!--")[0]
    assert table == buckets.table_markdown(), "Put buckets.table_markdown() there."
