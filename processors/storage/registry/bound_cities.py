"""The cities that declare bindings: that no two bind a topic, and for those who need to know nothing else."""

from collections.abc import Iterable
from itertools import product
from typing import Final

from ingest.model.city.assets import City
from processors.errors import BindingConflictError
from processors.storage.database import Connection
from processors.storage.registry import current_catalogue
from processors.storage.statements import statements

SQL: Final = statements(__name__)


def require_own_topics(connection: Connection, cities: Iterable[City]) -> None:
    """Raise BindingConflictError where ``cities``, stored by now, bind topics of another city; in a transaction."""
    bound = [city for city in cities if city.bindings]
    others = (
        [City.model_validate(document) for (document,) in connection.execute(SQL["bound_city_documents"])]
        if bound
        else []
    )
    faults = [
        f"{city.name}: binding {one.name}: some of its topics, {one.topic}, are also those of binding {other.name} of "
        f"{neighbour.name}, {other.topic}; expected topics of one binding each"
        for city, neighbour in product(bound, others)
        if city.name != neighbour.name
        for one, other in product(city.bindings, neighbour.bindings)
        if one.template.overlaps(other.template)
    ]
    if faults:
        raise BindingConflictError("\n".join([*faults, "Nothing was changed."]))


class BoundCities:
    """Reads them again only when a city file was applied."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._cities: list[City] | None = None
        self._version: object = None

    def __call__(self) -> list[City]:
        """Return the cities with bindings as they are registered now; leaves no transaction open."""
        with self._connection.transaction():
            version = self._connection.execute(current_catalogue.SQL["registry_version"]).fetchone()
            if self._cities is None or version != self._version:
                rows = self._connection.execute(SQL["bound_city_documents"]).fetchall()
                self._cities, self._version = [City.model_validate(document) for (document,) in rows], version
            return self._cities
