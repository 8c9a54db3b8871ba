"""What time it is for an organisation: its days and weeks, and the zone of the person who reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from parley.accounts.models import Org, User
from parley.core.tenancy import Member


@dataclass(frozen=True, slots=True)
class Clock:
    """Days and weeks are the organisation's; `own_zone` is the reader's, for times of day."""

    zone: ZoneInfo
    own_zone: ZoneInfo
    week_start: int
    """0 is Sunday, 1 Monday."""
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def week_of(self, day: date) -> date:
        """The first day of the week that a day is in."""
        return day - timedelta(days=(day.isoweekday() % 7 - self.week_start) % 7)

    def weeks_back(self, weeks: int) -> date:
        """The first day of the last so many weeks, the running one included."""
        return self.week_of(self.today) - timedelta(weeks=weeks - 1)

    def midnight(self, day: date) -> datetime:
        """When a day begins where the organisation is."""
        return datetime.combine(day, time(), self.zone)


def clock_of(member: Member) -> Clock:
    """The clock by which this member reads; one query."""
    own = User.objects.filter(pk=member.user_id, org_id=OuterRef("pk")).values("timezone")
    row = Org.objects.filter(pk=member.org_id).values("timezone", "week_start", own=Subquery(own)).first()
    zone = zone_named(row["timezone"] if row else "")
    own_zone = zone_named(row["own"] or row["timezone"]) if row else zone
    return Clock(zone, own_zone, row["week_start"] if row else 1, timezone.now())


def zone_named(name: str) -> ZoneInfo:
    """The time zone of this name; UTC for one that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
