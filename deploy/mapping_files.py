"""Mapping files as commands name them: a file, or one that comes with Pharos by its name."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ingest.errors import MappingError

SHIPPED: Final = Path(__file__).parent / "mappings"


def path(name: str) -> Path:
    """Return the file of a mapping; raises MappingError naming those that come with Pharos."""
    found = next((one for one in (Path(name), SHIPPED / f"{name}.yaml") if one.is_file()), None)
    if found is None:
        names = ", ".join(one.stem for one in shipped())
        raise MappingError(f"--mapping {name}: no such file; mappings that come with Pharos: {names}")
    return found


def shipped() -> Iterator[Path]:
    """Yield the files that come with Pharos, by their names."""
    yield from sorted(SHIPPED.glob("*.yaml"))
