"""How soon the views may be refreshed again."""

from __future__ import annotations

from django.db import connection

SHARE = 0.05
"""Of the time that one refresh may take of a core, however busy the installation is."""
AT_LEAST_S = 5.0


def refresh_due_in_s() -> float:
    """Seconds from now until the views may be refreshed again; 0 when they may be, and when they never were.

    From one beginning to the next passes what the last refresh took, divided by `SHARE`, and `AT_LEAST_S` at least:
    views that take 0.1 s follow within seconds, those of a million attempts, which take 14 s, within five minutes.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select greatest(0, extract(epoch from min(began_at) - clock_timestamp()) "
            "+ greatest(sum(took_ms) / 1000.0 / %s, %s)) from reporting_refreshes",
            [SHARE, AT_LEAST_S],
        )
        row = cursor.fetchone()
    return float(row[0] or 0.0) if row else 0.0
