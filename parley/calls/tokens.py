"""Call tokens: signed, bound to one attempt and one user, valid for minutes, accepted once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing

_SALT = "parley.calls.token"


@dataclass(frozen=True, slots=True)
class CallToken:
    """What a token says."""

    attempt_id: UUID
    user_id: UUID
    token_id: UUID


class TokenRefused(Exception):
    """`code` is expired or unknown."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def issue(attempt_id: UUID, user_id: UUID) -> tuple[str, UUID]:
    """A new token and its id; the attempt remembers the id, which makes every older token worthless."""
    token_id = uuid.uuid4()
    payload = {"a": attempt_id.hex, "u": user_id.hex, "t": token_id.hex}
    return signing.dumps(payload, salt=_SALT, compress=False), token_id


def read(token: str) -> CallToken:
    """What a token says, when signature and age are right. Raises TokenRefused."""
    try:
        payload = signing.loads(token[:1000], salt=_SALT, max_age=settings.CALL_TOKEN_TTL_S)
        return CallToken(*(UUID(hex=payload[key]) for key in ("a", "u", "t")))
    except signing.SignatureExpired:
        raise TokenRefused(
            "expired", "This call link has expired. Start the call again from the scenario page."
        ) from None
    except (signing.BadSignature, KeyError, ValueError, TypeError):
        raise TokenRefused(
            "unknown", "This call link is not valid. Start the call again from the scenario page."
        ) from None
