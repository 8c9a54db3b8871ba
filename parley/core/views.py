"""The storage view: checks a signed address, then streams from disk or redirects to a presigned S3 address."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import PurePosixPath
from typing import IO

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.views.decorators.http import require_safe

from parley.core import storage
from parley.core.buckets import CONTENT_TYPES

_CHUNK = 64 * 1024


@require_safe
def storage_object(request: HttpRequest, name: str, path: str) -> HttpResponseBase:
    """Serve one object of a bucket; `Range: bytes=a-b` works, which audio players need to seek."""
    expires = request.GET.get("expires", "")
    signed = storage.is_signed(name, path, expires=expires, signature=request.GET.get("signature", ""))
    if name not in settings.BUCKETS or not signed:
        return HttpResponse("This link has expired. Open the page again to get a new one.", status=403)
    bucket = storage.bucket(name)
    if not bucket.exists(path):
        raise Http404("The file is no longer stored.")
    if settings.STORAGE_KIND == "s3":
        # The address in S3 ends when ours does.
        left_s = max(1, int(expires) - int(time.time()))
        answer = HttpResponseRedirect(bucket.url(path, expire=left_s))  # type: ignore[call-arg]
        answer["Cache-Control"] = "private, no-store"
        return answer
    return _ranged(request, bucket.open(path, "rb"), bucket.size(path), path)


def _ranged(request: HttpRequest, file: IO[bytes], size: int, path: str) -> HttpResponseBase:
    start, end, status = 0, size - 1, 200
    asked = re.fullmatch(r"bytes=(\d*)-(\d*)", request.headers.get("Range", ""))
    if asked and (asked[1] or asked[2]):
        start = int(asked[1]) if asked[1] else max(0, size - int(asked[2]))
        end = min(int(asked[2]), size - 1) if asked[1] and asked[2] else size - 1
        if start > end or start >= size:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        status = 206
    kind = CONTENT_TYPES.get(PurePosixPath(path).suffix[1:], "application/octet-stream")
    chunks = _chunks(file, start, end - start + 1)
    # A plain iterator would be read whole into memory under ASGI before the first byte leaves.
    body = _off_the_loop(chunks) if isinstance(request, ASGIRequest) else chunks
    response = StreamingHttpResponse(body, status=status, content_type=kind)
    response["Content-Length"] = str(end - start + 1)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    if status == 206:
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    return response


async def _off_the_loop(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    read = sync_to_async(lambda: next(chunks, b""), thread_sensitive=False)
    while data := await read():
        yield data


def _chunks(file: IO[bytes], start: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while length > 0 and (data := file.read(min(_CHUNK, length))):
            length -= len(data)
            yield data
