"""Targets of a city file: what was written comes out again, however much of what is usual is left out."""

import pytest

from ingest.model.city.targets import BaselineYear


@pytest.mark.parametrize("written", [{"year": 2020, "value": 12.5}, {"year": 2020, "from": "figures"}])
@pytest.mark.parametrize("leaving_out", [{}, {"exclude_defaults": True}, {"exclude_none": True}])
def test_a_baseline_year_is_written_as_it_was_declared(
    written: dict[str, object], leaving_out: dict[str, bool]
) -> None:
    document = BaselineYear.model_validate(written).model_dump(mode="json", **leaving_out)
    assert {name: value for name, value in document.items() if value is not None} == written
