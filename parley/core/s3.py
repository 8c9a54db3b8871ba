"""Buckets in S3 or what speaks like it (Supabase Storage, MinIO). Imported only where used: boto3 is heavy."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from storages.backends.s3 import S3Storage

from parley.core.buckets import CONTENT_TYPES
from parley.core.storage import check


class S3Bucket(S3Storage):  # type: ignore[misc]  # django-storages carries no types
    """A private bucket in S3 or what speaks like it. Addresses that open it are presigned and end soon."""

    def __init__(self, *, holds: str, **options: Any) -> None:
        self.holds = holds
        super().__init__(
            file_overwrite=True,
            default_acl=None,
            querystring_auth=True,
            querystring_expire=settings.SIGNED_URL_TTL_S,
            signature_version="s3v4",
            **options,
        )

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        """Store the file when the bucket takes it; raises buckets.Unfit."""
        check(self.holds, name, content)
        return str(super().save(name, content, max_length))

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        """S3 answers with these, so that players and browsers know what they get and keep no copy."""
        kind = CONTENT_TYPES.get(PurePosixPath(name).suffix[1:])
        return {"CacheControl": "private, no-store"} | ({"ContentType": kind} if kind else {})
