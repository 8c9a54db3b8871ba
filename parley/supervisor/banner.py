"""What /healthz says, and what the person reads once everything runs."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request

from parley.supervisor.certificate import lan_names
from parley.supervisor.options import Options
from parley.supervisor.terminal import paint, say


def ask_health(options: Options) -> tuple[bool, dict[str, object]]:
    """Return whether /healthz answers 200, and what it says."""
    # Our own certificate on our own machine: the question is only whether it answers.
    trust = ssl._create_unverified_context() if options.https else None  # noqa: S323
    try:
        with urllib.request.urlopen(f"{options.address}/healthz", timeout=10, context=trust) as answer:  # noqa: S310
            return True, json.load(answer)
    except urllib.error.HTTPError as error:
        try:
            return False, json.load(error)
        except ValueError:
            return False, {"status": error.code}
    except (OSError, ValueError) as error:
        return False, {"reason": str(error)}


def unwell(said: dict[str, object]) -> str:
    """Return the reasons that /healthz gave, in one line."""
    parts = [part for part in said.values() if isinstance(part, dict) and not part.get("ok")]
    return "; ".join(str(part.get("reason", part)) for part in parts) or str(said.get("reason", said))


def welcome(options: Options, sign_ins: list[list[str]], took_s: float) -> None:
    """Print the address, the demo sign-ins and the way to end."""
    say()
    say(paint(f"Parley is ready at {options.address}", 1) + f"   ({took_s:.0f} s)")
    if not options.is_loopback:
        scheme = "https" if options.https else "http"
        for name in lan_names()[:-3]:
            say(f"  also {scheme}://{name}:{options.port}")
    if options.https:
        authority = options.data / "https" / "authority.pem"
        say(f"  Browsers trust it once they know {authority}; until then they warn.")
    if sign_ins:
        say("  Sign in with one click, or as one of these:")
    for role, name, email, password in sign_ins:
        say(f"    {role:8} {email:18} {password:12} {name}")
    say("  Ctrl-C ends everything.")
    say()
