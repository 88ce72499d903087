"""The alarm rules Pharos knows: one module per kind, each exporting ``RULES``; a new one is a new file here."""

from typing import Final

from ingest.discovery import listed
from ingest.model.alarm import Rule

ALARM_RULES: Final[dict[str, Rule]] = listed(__name__, __path__, "RULES", Rule)
