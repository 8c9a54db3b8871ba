"""Which addresses open without sign-in.

Everything else needs one; a test walks the URL map and holds it to this list.
"""

from __future__ import annotations

import re

# Each entry is a regular expression over the path, with the reason why nobody has to be signed in.
PUBLIC: dict[str, str] = {
    r"/": "the public home page",
    r"/healthz": "load balancers ask it",
    r"/favicon\.ico": "browsers ask for it anywhere",
    r"/static/.*": "assets carry no data",
    r"/storage/.*": "the signature in the address is the permission",
    r"/sign-in/.*": "the door itself",
    r"/sign-out/": "leaving must always work",
    r"/accounts/.*": "sign-in, sign-up and password reset pages of allauth, which guard themselves",
    r"/demo/sign-in": "one-click sign-in; answers 404 unless this is a demo installation",
}
# Signed in, but not as a member of an organisation: these run as the authenticator, outside any tenant.
IDENTITY: dict[str, str] = {
    r"/no-membership/": "says what to do when an identity has no profile",
    r"/switch/": "chooses the organisation to act in",
}


def is_public(path: str) -> bool:
    """May anybody open this path?"""
    return any(re.fullmatch(pattern, path) for pattern in PUBLIC)


def is_identity_page(path: str) -> bool:
    """Does this path run before a member is known?"""
    return is_public(path) or any(re.fullmatch(pattern, path) for pattern in IDENTITY)
