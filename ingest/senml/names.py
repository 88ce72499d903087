"""Names of SenML as device and field; the same however a pack shares them out between base name and name."""

import re
from typing import Final, NamedTuple

# A device URN (RFC 9039) ends where a component or anything else begins; in its identifier is no underscore.
_URN: Final = re.compile(r"(urn:dev:[A-Za-z]+:[A-Za-z0-9.-]+)(?:[:_/](.*))?", re.DOTALL)
_PATH: Final = re.compile(r"([^/].*)[:/]([^:/]*)", re.DOTALL)


class Name(NamedTuple):
    """Whom a record speaks of, None where its name does not say it, and which of its fields; empty for the only one."""

    device: str | None
    field: str


def read(full: str) -> Name:
    """Split a name: after the device URN, else at the last colon or slash. What begins with a slash names no device."""
    match = _URN.fullmatch(full) or _PATH.fullmatch(full)
    return Name(match[1], match[2] or "") if match else Name(None, full)
