"""What the registry knows of bindings: no topic is of two cities, and who needs no more reads those cities alone."""

import pytest

from processors.errors import BindingConflictError
from processors.storage.database import Connection
from processors.storage.registry import registry
from processors.storage.registry.bound_cities import BoundCities
from tests import towns
from tests.towns import electricity_meter

pytestmark = [pytest.mark.integration, pytest.mark.plain_tables]

BINDING = {"name": "plugs", "topic": "house/{device}/state", "decoder": "pharos", "gateway": "bridge"}
PLUG = electricity_meter(name="plug", binding="plugs")
HARBOUR = towns.city(PLUG, bindings=[BINDING])


def test_a_city_that_binds_topics_of_another_one_is_refused_and_nothing_is_changed(connection: Connection) -> None:
    registry.sync(connection, [HARBOUR])
    with pytest.raises(BindingConflictError) as refused:
        registry.sync(
            connection, [towns.city(PLUG, name="quay", bindings=[{**BINDING, "topic": "house/{room}/state"}])]
        )
    assert str(refused.value) == (
        "quay: binding plugs: some of its topics, house/{room}/state, are also those of binding plugs of harbour, "
        "house/{device}/state; expected topics of one binding each\nNothing was changed."
    )
    assert registry.city_names(connection) == ["harbour"]


def test_cities_with_bindings_are_read_again_when_a_city_file_is_applied(connection: Connection) -> None:
    bound = BoundCities(connection)
    registry.sync(connection, [towns.city(electricity_meter(), name="quay")])
    assert bound() == []
    registry.sync(connection, [HARBOUR])
    assert bound() == [HARBOUR]
    assert bound() is bound()
