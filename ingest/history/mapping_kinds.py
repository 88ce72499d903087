"""The kinds of mapping files, told apart by the key that only one of them has."""

from pathlib import Path

from ingest.history.axis_mapping import AxisMapping
from ingest.history.mapping import Mapping, document, validated
from ingest.history.session_mapping import SessionMapping

AnyMapping = Mapping | SessionMapping | AxisMapping


def load(path: Path) -> AnyMapping:
    """Read a mapping file of any kind; raises MappingError naming file, line, key and what was expected."""
    found = document(path)
    keys = found.value if isinstance(found.value, dict) else {}
    if "session" in keys:
        return validated(found, SessionMapping, path)
    if "axis" in keys:
        return validated(found, AxisMapping, path)
    return validated(found, Mapping, path)
