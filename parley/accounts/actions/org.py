"""What admins change about their organisation."""

from __future__ import annotations

from typing import IO, Any

from django.core.files.base import ContentFile
from django.db import transaction

from parley.accounts.avatars import as_bytes, read_picture
from parley.accounts.models import Org
from parley.core import events
from parley.core.storage import bucket
from parley.core.tenancy import Member

EDITED = (
    "name",
    "timezone",
    "week_start",
    "retention_days",
    "recording_consent_text",
    "fillers",
    "reads_emotion",
    "kpi_bands",
)
LOGO_SIDE = 480


@transaction.atomic
def change_org(values: dict[str, Any], *, by: Member) -> Org:
    """Write some of `EDITED`, checked; another consent text becomes another version by itself."""
    org = Org.objects.select_for_update().get(pk=by.org_id)
    changed = [name for name in EDITED if name in values and getattr(org, name) != values[name]]
    for name in changed:
        setattr(org, name, values[name])
    if changed:
        org.save(update_fields=[*changed, "updated_at"])
        events.record(
            "org.changed", org_id=org.pk, subject=("org", org.pk), actor_id=by.user_id, data={"columns": changed}
        )
    return org


def keep_logo(file: IO[bytes], *, by: Member) -> str:
    """Keep this picture as the organisation's logo; returns its path in storage, `org-assets/{org_id}/logo.png`.

    Drawn anew as PNG, which mail programs show, at 480 pixels a side at most. Raises avatars.BadAvatar.
    """
    image = read_picture(file, "RGBA")
    image.thumbnail((LOGO_SIDE, LOGO_SIDE))
    path = f"{by.org_id}/logo.png"
    bucket("org-assets").save(path, ContentFile(as_bytes(image, "PNG")))
    Org.objects.filter(pk=by.org_id).update(logo_url=f"org-assets/{path}")
    return f"org-assets/{path}"


def remove_logo(*, by: Member) -> None:
    """Forget the logo; doing it twice is harmless."""
    bucket("org-assets").delete(f"{by.org_id}/logo.png")
    Org.objects.filter(pk=by.org_id).update(logo_url="")
