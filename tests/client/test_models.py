"""The models of the Python client are those of the interface."""

from dataclasses import fields
from datetime import datetime
from typing import Final

import pytest
from pharos_client import Kpi, models
from pharos_client.reading import hints_of

from tests.kpi_engine.api.described import document

pytestmark = pytest.mark.long
NAMES: Final = {"Difference": "KpiDifference"}
MODELS: Final = [one for one in vars(models).values() if isinstance(one, type) and one.__module__ == models.__name__]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_of_a_model_is_one_of_the_interface_and_of_its_type(model: type) -> None:
    described = document()["components"]["schemas"][NAMES.get(model.__name__, model.__name__)]["properties"]
    for one in fields(model):
        kinds = [described[one.name], *described[one.name].get("anyOf", ())]
        is_time = any(kind.get("format") == "date-time" for kind in kinds)
        assert is_time == (hints_of(model)[one.name] is datetime), one.name
        may_be_null = any(kind.get("type") == "null" for kind in kinds)
        assert may_be_null == ("None" in str(one.type)), one.name


def test_what_a_program_names_is_among_them() -> None:
    assert Kpi in MODELS
