"""What people change about themselves."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from parley.accounts.models import NOTIFICATIONS, User
from parley.core import events
from parley.core.tenancy import Member

PROFILE = ("first_name", "last_name", "title", "company", "phone", "nmls_id", "licensed_states", "bio")


@transaction.atomic
def change_profile(values: dict[str, Any], *, by: Member) -> User:
    """Write one's own profile; `values` holds some of `PROFILE`, checked. The same again changes nothing."""
    user = User.objects.select_for_update().get(pk=by.user_id)
    changed = [name for name in PROFILE if name in values and getattr(user, name) != values[name]]
    for name in changed:
        setattr(user, name, values[name])
    if changed:
        user.save(update_fields=[*changed, "updated_at"])
        events.record(
            "user.changed",
            org_id=by.org_id,
            subject=("user", by.user_id),
            actor_id=by.user_id,
            data={"columns": changed},
        )
    return user


@transaction.atomic
def change_preferences(*, theme: str, locale: str, timezone: str, mails: list[str], by: Member) -> User:
    """Write the acting person's preferences; `mails` are the kinds of `NOTIFICATIONS` that they want."""
    user = User.objects.select_for_update().get(pk=by.user_id)
    user.theme, user.locale, user.timezone = theme, locale, timezone
    user.notifications = {kind: kind in mails for kind in NOTIFICATIONS}
    user.save(update_fields=["theme", "locale", "timezone", "notifications", "updated_at"])
    return user
