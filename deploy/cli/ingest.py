"""``pharos ingest``: the role that takes what devices publish over MQTT to the store."""

from collections import Counter
from contextlib import closing
from pathlib import Path

import typer

from deploy import internal, settings
from deploy.ingest_role import APPLICATION, IngestRole
from deploy.logging import configure
from deploy.role import Causes, Stop, work_with_database
from ingest.errors import CityFileError, CityFileFault
from ingest.model import city_file
from ingest.model.assets import City


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="ingest")(ingest)


def ingest() -> None:
    """Store what devices publish over MQTT; acknowledged only when it is durable. Configured by PHAROS_*.

    Example: PHAROS_CITIES=harbour.yaml PHAROS_MQTT_URL=mqtt://ingest:...@localhost pharos ingest
    """
    configure("ingest")
    chosen = settings.load()
    cities = _load(chosen.cities)
    stop, causes = Stop(), Causes("database")
    role = IngestRole(chosen, cities, causes, stop)
    with closing(internal.serve(chosen.internal, causes)):
        work_with_database(chosen.database(), APPLICATION, role.run, causes, stop)


def _load(paths: list[Path]) -> list[City]:
    cities = [city_file.load(path) for path in paths]
    counts = Counter(city.name for city in cities)
    faults = [
        CityFileFault(str(path), "name", f"the city {city.name!r} is in {counts[city.name]} files; expected one")
        for path, city in zip(paths, cities, strict=True)
        if counts[city.name] > 1
    ]
    if faults:
        raise CityFileError(faults)
    return cities
