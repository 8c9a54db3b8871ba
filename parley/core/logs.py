"""Logs are fixed sentences plus fields; what a person said or wrote goes in a field marked `pii`, which
never reaches a log.
"""

from __future__ import annotations

import logging


class MaskPii(logging.Filter):
    """Replace every `pii_…` field of a record by its length."""

    def filter(self, record: logging.LogRecord) -> bool:
        for name, value in list(record.__dict__.items()):
            if name.startswith("pii_"):
                record.__dict__[name] = f"<{len(str(value))} characters>"
        return True
