"""Time zones as files declare them: names of the IANA database."""

from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator

from ingest.model.declarations.expected import found, nearest


def iana_zone(zone: str) -> str:
    """Return ``zone``; raises ValueError where the IANA database has no zone of that name."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        meant = nearest(available_timezones(), zone)
        raise ValueError(f"expected an IANA zone such as Europe/Copenhagen, not {found(zone)}{meant}") from error
    return zone


Zone = Annotated[str, AfterValidator(iana_zone)]
