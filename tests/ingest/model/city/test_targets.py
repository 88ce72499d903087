"""Targets of a city file: what was written comes out again, however much of what is usual is left out."""

import pytest

from ingest.model.city.targets import BaselineYear


@pytest.mark.parametrize("written", [{"year": 2020, "value": 12.5}, {"year": 2020, "from": "figures"}])
@pytest.mark.parametrize(("without_defaults", "without_none"), [(False, False), (True, False), (False, True)])
def test_a_baseline_year_is_written_as_it_was_declared(
    written: dict[str, object], without_defaults: bool, without_none: bool
) -> None:
    declared = BaselineYear.model_validate(written)
    document = declared.model_dump(mode="json", exclude_defaults=without_defaults, exclude_none=without_none)
    assert {name: value for name, value in document.items() if value is not None} == written
