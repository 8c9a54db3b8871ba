"""What a page may load, as a Content-Security-Policy: our own host, and the hosts of services that are switched on.

Nothing inline runs: a script or stylesheet in the page needs the nonce of its answer (`request.csp_nonce`), and
markup carries no style attribute (scripts may set styles through the DOM).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

STRIPE = "https://js.stripe.com"
STRIPE_PAGES = ("https://checkout.stripe.com", "https://billing.stripe.com")
VAPI = ("https://api.vapi.ai", "https://*.daily.co", "wss://*.daily.co")
SIGN_IN_PAGES = {"google": "https://accounts.google.com", "microsoft": "https://login.microsoftonline.com"}

PLAYER = {"script-src": ["blob:"]}
"""What the player's page may load besides: audio worklets are made in the page; Chromium counts them as scripts."""


@dataclass(frozen=True)
class Services:
    """Which services of others are switched on; each opens exactly its own hosts."""

    app_url: str
    storage_origins: tuple[str, ...] = ()
    """Where presigned addresses lead: recordings and pictures come from there."""
    clerk_key: str = ""
    """Clerk's publishable key; it holds the host of its front end."""
    stripe: bool = False
    vapi: bool = False
    sign_in: tuple[str, ...] = ()
    """Origins of the sign-in services to which a form of ours may lead."""


def policy(services: Services) -> dict[str, Any]:
    """The setting of django-csp."""
    scripts: list[Any] = [SELF, NONCE]
    connects = [SELF, _socket_of(services.app_url), *services.storage_origins]
    frames: list[str] = []
    forms = [SELF, *services.sign_in]
    if services.clerk_key:
        host = clerk_host(services.clerk_key)
        scripts.append(host)
        connects.append(host)
        frames.append(host)
    if services.stripe:
        scripts.append(STRIPE)
        frames.append(STRIPE)
        forms += STRIPE_PAGES
    if services.vapi:
        connects += VAPI
        scripts.append("https://*.daily.co")
    directives = {
        "default-src": [SELF],
        "script-src": scripts,
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:", *services.storage_origins],
        "font-src": [SELF],
        "media-src": [SELF, "blob:", *services.storage_origins],
        "connect-src": connects,
        "worker-src": [SELF, "blob:"],
        "frame-src": frames or [NONE],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": forms,
        "frame-ancestors": [NONE],
    }
    return {"DIRECTIVES": directives}


def clerk_host(key: str) -> str:
    """`https://clerk.example.com` out of a publishable key `pk_live_…`. Raises ValueError when it is none."""
    try:
        host = base64.b64decode(key.split("_", 2)[2] + "==").decode().rstrip("$")
    except (IndexError, binascii.Error, UnicodeDecodeError):
        host = ""
    if "." not in host:
        raise ValueError(
            f"{key!r} is no publishable key of Clerk; copy the one that begins with pk_ from its dashboard."
        )
    return f"https://{host}"


def sign_in_origins(providers: dict[str, Any]) -> tuple[str, ...]:
    """The origins of allauth's providers, of which OpenID Connect names its own servers."""
    known = [SIGN_IN_PAGES[name] for name in providers if name in SIGN_IN_PAGES]
    apps: Iterable[dict[str, Any]] = providers.get("openid_connect", {}).get("APPS", ())
    servers = [str(app.get("settings", {}).get("server_url", "")) for app in apps]
    return (*known, *(origin(server) for server in servers if server))


def storage_origins(kind: str, endpoint: str) -> tuple[str, ...]:
    """Where recordings come from beside our own host: nowhere for the disk, else the S3 endpoint or Amazon's."""
    if kind != "s3":
        return ()
    return (origin(endpoint),) if endpoint else ("https://*.amazonaws.com",)


def origin(url: str) -> str:
    """Scheme and host of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _socket_of(url: str) -> str:
    """The WebSocket origin of our own address: some browsers do not count it as 'self'."""
    return origin(url).replace("http", "ws", 1)
