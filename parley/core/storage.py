"""Buckets: private folders on disk or in S3, read only through signed addresses with a short life."""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.urls import reverse


class DiskBucket(FileSystemStorage):
    """A bucket on the local disk: writing a name again replaces the file, nobody else on the machine may read it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700, **options)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        if self.exists(name):
            self.delete(name)
        return name


def bucket(name: str) -> Storage:
    """The storage behind one of the seven buckets of `settings.BUCKETS`."""
    if name not in settings.BUCKETS:
        raise ValueError(f"Bucket {name!r} is unknown; use one of {', '.join(settings.BUCKETS)}.")
    return storages[name]


def sign_url(name: str, path: str, *, ttl_s: int | None = None) -> str:
    """An address on this installation that opens `path` in bucket `name` until `ttl_s` seconds from now.

    Whoever calls this has checked that the reader may read it; the address itself carries no other check.
    """
    expires = int(time.time()) + (ttl_s or settings.SIGNED_URL_TTL_S)
    query = urlencode({"expires": expires, "signature": _signature(name, path, expires)})
    return f"{reverse('storage-object', args=[name, quote(path)])}?{query}"


def is_signed(name: str, path: str, *, expires: str, signature: str) -> bool:
    """Does the signature fit this path and expiry, and is it still in time? Compared in constant time."""
    if not expires.isdecimal() or len(expires) > 12 or int(expires) < time.time():
        return False
    return hmac.compare_digest(_signature(name, path, int(expires)).encode(), signature.encode())


def _signature(name: str, path: str, expires: int) -> str:
    key = hashlib.sha256(b"parley.storage:" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, f"{name}\n{path}\n{expires}".encode(), hashlib.sha256).hexdigest()
