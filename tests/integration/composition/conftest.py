"""The deployment with its servers running and its database migrated, and no role of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.composition import Composition, composition


@pytest.fixture(scope="module")
def composed(module_open_folder: Path, kafka_jars: Path) -> Iterator[Composition]:
    """Return a deployment whose servers run and whose database is migrated."""
    with composition(module_open_folder / "composition", kafka_jars) as made:
        made.start_mosquitto()
        made.start_kafka()
        made.start_database()
        made.run("database-roles")
        made.run("migrate")
        made.give_kafka_rights()
        yield made
