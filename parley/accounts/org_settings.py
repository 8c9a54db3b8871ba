"""How an organisation is set up, made once per version of its row and process."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from parley.accounts.models import Org
from parley.core.row_cache import RowCache


@dataclass(frozen=True)
class OrgSettings:
    """What pages and calls ask of an organisation."""

    timezone: str
    week_start: int
    fillers: tuple[str, ...]
    recording_consent_text: str
    consent_version: int
    retention_days: int
    reads_emotion: bool
    kpi_bands: dict[str, dict[str, list[float]]]
    """Read, never changed: everybody in the process shares it."""


def _settings_of(org: Org) -> OrgSettings:
    return OrgSettings(
        org.timezone,
        org.week_start,
        tuple(org.fillers or ()),
        org.recording_consent_text,
        org.consent_version,
        org.retention_days,
        org.reads_emotion,
        dict(org.kpi_bands or {}),
    )


_settings: RowCache[Org, OrgSettings] = RowCache(Org, _settings_of)


def org_settings(org_id: UUID) -> OrgSettings:
    """The settings of the acting member's organisation. Raises Org.DoesNotExist when who acts may not see it."""
    found = _settings.of(Org.objects.filter(pk=org_id))
    if not found:
        raise Org.DoesNotExist(f"No organisation {org_id} is seen by who acts.")
    return found[0]
