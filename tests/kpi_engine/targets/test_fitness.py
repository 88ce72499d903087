"""Targets that no figure can be held against are faults with file, line, key and the nearest spelling."""

from pathlib import Path
from typing import Any, Final

import pytest

from deploy import city_files
from ingest.errors import CityFileError
from tests.towns import heat_meter, town

PLAN: Final = {
    "indicator": "heat_delivered",
    "title": "Plan",
    "source": "assumed",
    "baseline": {"year": 2024, "value": 100},
    "path": [{"year": 2030, "percent": 50}],
    "better": "lower",
}


def faults(tmp_path: Path, *targets: dict[str, Any], of_site: bool = False) -> list[str]:
    """Return the faults of a file with these targets, each as ``line: key: expected``."""
    keys = {"sites": {"house": {"targets": targets}}} if of_site else {"targets": targets}
    path = tmp_path / "town.yaml"
    path.write_text(town(heat_meter(), **keys), encoding="utf-8")
    try:
        city_files.load(path)
    except CityFileError as error:
        return [str(fault).removeprefix(f"{path}:") for fault in error.faults]
    return []


def changed(**keys: object) -> dict[str, Any]:
    return {key: value for key, value in {**PLAN, **keys}.items() if value is not None}


def test_a_target_of_an_indicator_is_taken_for_a_city_and_a_site(tmp_path: Path) -> None:
    assert faults(tmp_path, PLAN) == []
    assert faults(tmp_path, PLAN, of_site=True) == []


def test_an_indicator_that_does_not_exist_is_told_with_its_line_and_the_nearest_spelling(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, changed(indicator="heat_deliverd"))
    assert fault.startswith("9: targets[0].indicator: expected one of ")
    assert fault.endswith("not 'heat_deliverd'; did you mean heat_delivered?")
    (of_site,) = faults(tmp_path, changed(indicator="heat_deliverd"), of_site=True)
    assert "sites[0].targets[0].indicator" in of_site


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"better": None}, "better: expected lower or higher, since heat_delivered itself does not say which way"),
        ({"indicator": "city_emissions", "better": "higher"}, "better: expected lower, or no such key"),
        ({"baseline": {"year": 2024}}, "baseline: expected either a value or from: figures"),
        ({"baseline": {"year": 2024, "from": "figure"}}, "baseline.from: expected 'figures', not 'figure'"),
        ({"path": []}, "path: expected at least one entry"),
        ({"path": [{"year": 2030}]}, "path[0]: expected either a value or a percent of the baseline year"),
        ({"path": [{"year": 2024, "value": 1}]}, "path: expected years after the baseline year in their order"),
        ({"source": ""}, "source: expected text that is not empty"),
        ({"tolerance_percent": -1}, "tolerance_percent: expected a number of at least 0"),
        ({"unti": 1}, "unti: there is no such key"),
    ],
    ids=str,
)
def test_what_a_target_lacks_or_has_wrong_is_told_by_its_key(
    tmp_path: Path, keys: dict[str, Any], expected: str
) -> None:
    (fault,) = faults(tmp_path, changed(**keys))
    assert expected in fault


def test_a_figure_of_a_city_alone_is_no_target_of_a_site(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, changed(indicator="city_emissions"), of_site=True)
    assert "expected an indicator of sites; city_emissions is a figure of a city alone" in fault


def test_two_targets_of_one_indicator_are_refused_since_both_cannot_hold(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, PLAN, changed(title="Another"))
    assert "targets[1].indicator: expected one target of heat_delivered; targets[0] is another" in fault


def test_a_start_serves_the_city_and_says_that_the_target_is_held_against_nothing(tmp_path: Path) -> None:
    faults(tmp_path, changed(indicator="heat_deliverd"))
    said: list[str] = []
    (city,) = city_files.started([tmp_path / "town.yaml"], said.append)
    assert city.name == "harbour"
    assert said[0].endswith("; the city is served, and no figure is held against this target")
