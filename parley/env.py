"""Typed reading of environment variables; every error names the variable, its value and the way out."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


class EnvError(SystemExit):
    """A variable cannot be used. The text is for the person who set it."""


def text(name: str, default: str = "") -> str:
    """The variable without surrounding blanks, or the default when unset or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    """True for 1, true, yes, on; False for 0, false, no, off."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise EnvError(f"{name}={value!r} is not a yes or no; use 1 or 0.")


def integer(name: str, default: int) -> int:
    """A whole number."""
    value = text(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise EnvError(f"{name}={value!r} is not a whole number.") from None


def choice(name: str, default: str, options: tuple[str, ...]) -> str:
    """One of a few words."""
    value = text(name, default)
    if value not in options:
        raise EnvError(f"{name}={value!r} is unknown; use one of {', '.join(options)}.")
    return value


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def folder(name: str, default: Path) -> Path:
    """An absolute folder."""
    return Path(text(name, str(default))).expanduser().resolve()


def database(name: str) -> dict[str, object]:
    """A `postgresql://` address as a Django database entry; a socket folder goes in `?host=/folder`."""
    url = text(name)
    if not url:
        raise EnvError(
            f"{name} is not set. Run bin/up, which brings its own PostgreSQL, or set it to a postgresql:// address."
        )
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise EnvError(f"{name} has the scheme {parts.scheme!r}; only postgresql:// addresses work.")
    options: dict[str, object] = dict(parse_qsl(parts.query))
    host = str(options.pop("host", "") or unquote(parts.hostname or ""))
    port = str(options.pop("port", "") or parts.port or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "parley",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "OPTIONS": options,
    }


def sign_in_services() -> dict[str, dict[str, object]]:
    """The services that people can sign in with beside a password, as allauth wants them; each needs id and secret."""
    services: dict[str, dict[str, object]] = {}
    for provider, prefix in (("google", "GOOGLE"), ("microsoft", "MICROSOFT"), ("openid_connect", "OIDC")):
        client, secret = text(f"{prefix}_CLIENT_ID"), text(f"{prefix}_CLIENT_SECRET")
        if bool(client) != bool(secret):
            raise EnvError(f"{prefix}_CLIENT_ID and {prefix}_CLIENT_SECRET belong together; set both or neither.")
        if not client:
            continue
        app: dict[str, object] = {"client_id": client, "secret": secret}
        if provider == "openid_connect":
            if not text("OIDC_SERVER_URL"):
                raise EnvError("OIDC_CLIENT_ID needs OIDC_SERVER_URL, the address of the service that signs people in.")
            name = text("OIDC_NAME", "Single sign-on")
            app |= {"provider_id": "sso", "name": name, "settings": {"server_url": text("OIDC_SERVER_URL")}}
        services[provider] = {"APPS": [app]}
    return services
