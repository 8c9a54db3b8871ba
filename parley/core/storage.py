"""Buckets: private folders on disk or in S3, read only through signed addresses with a short life."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import connection

from parley.core import buckets


class DiskBucket(FileSystemStorage):
    """A bucket on the local disk, in a folder of its name.

    Writing a name again replaces the file; nobody else on the machine may read it.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700, **options)

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        """Store the file when the bucket takes it; raises buckets.Unfit."""
        check(Path(self.location).name, name, content)
        return super().save(name, content, max_length)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        if self.exists(name):
            self.delete(name)
        return name


def check(holds: str, name: str | None, content: Any) -> None:
    """Raise buckets.Unfit when that bucket does not take this file."""
    file = content if hasattr(content, "size") else File(content)
    buckets.check(holds, name or "", file, file.size)


def bucket(name: str) -> Storage:
    """The storage behind one of the seven buckets of `settings.BUCKETS`."""
    if name not in settings.BUCKETS:
        raise ValueError(f"Bucket {name!r} is unknown; use one of {', '.join(settings.BUCKETS)}.")
    return storages[name]


def sign_url(name: str, path: str, *, ttl_s: int | None = None) -> str:
    """An address on this installation that opens `path` in bucket `name` until `ttl_s` seconds from now.

    The database decides whether whoever acts may read it (`grant_signed_url`) and raises when not; the address itself
    carries no other check.
    """
    with connection.cursor() as cursor:
        cursor.execute("select grant_signed_url(%s, %s)", [f"{name}/{path}", ttl_s or settings.SIGNED_URL_TTL_S])
        row = cursor.fetchone()
    assert row is not None
    return str(row[0])


def is_signed(name: str, path: str, *, expires: str, signature: str) -> bool:
    """Does the signature fit this path and expiry, and is it still in time? Compared in constant time."""
    if not expires.isdecimal() or len(expires) > 12 or "\0" in name + path + signature:
        return False
    with connection.cursor() as cursor:
        cursor.execute("select is_signed_url(%s, %s, %s)", [f"{name}/{path}", int(expires), signature])
        row = cursor.fetchone()
    return row is not None and bool(row[0])
