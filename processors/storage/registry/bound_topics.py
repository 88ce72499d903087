"""The topics that cities bind: no topic is of two of them, since one broker serves them all."""

from collections.abc import Iterable
from itertools import product
from typing import Final

from ingest.collection import paused
from ingest.model.city.assets import City
from processors.errors import BindingConflictError
from processors.storage.database import Connection
from processors.storage.statements import statements

SQL: Final = statements(__name__)


@paused()
def declaring(connection: Connection) -> list[City]:
    """Return the registered cities that declare bindings."""
    return [City.model_validate(document) for (document,) in connection.execute(SQL["bound_city_documents"])]


def require_own_topics(connection: Connection, cities: Iterable[City]) -> None:
    """Raise BindingConflictError where ``cities``, stored by now, bind topics of another city; in a transaction."""
    bound = [city for city in cities if city.bindings]
    faults = [
        f"{city.name}: binding {one.name}: some of its topics, {one.topic or one.kafka}, are also those of binding "
        f"{other.name} of {neighbour.name}, {other.topic or other.kafka}; expected topics of one binding each"
        for city, neighbour in product(bound, declaring(connection) if bound else [])
        if city.name != neighbour.name
        for one, other in product(city.bindings, neighbour.bindings)
        if (one.topic or one.kafka) and (other.topic or other.kafka) and one.overlaps(other)
    ]
    if faults:
        raise BindingConflictError("\n".join([*faults, "Nothing was changed."]))
