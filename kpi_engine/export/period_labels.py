"""What people call a civil period: 2026, 2026-10, 2026-10-25; an hour with its offset."""

from datetime import datetime
from zoneinfo import ZoneInfo

LENGTHS = {"year": 4, "month": 7, "day": 10}


def period_label(start: datetime, period: str, zone: str) -> str:
    """Return the label of the period that begins at ``start`` on the clocks of ``zone``."""
    local = start.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")
    return local[: LENGTHS.get(period)]
