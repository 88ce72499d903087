"""Extension points keep their promise: nothing is missing, and what is taken away is told in one sentence."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from ingest.decoder import Decoder
from ingest.discovery import constants, exported, exported_or_listed, listed
from ingest.errors import ExtensionError
from ingest.model.quantities.carrier import CARRIERS, Carrier
from ingest.model.quantities.quantity import QUANTITIES
from ingest.model.quantities.usual_change import UsualChange
from ingest.model.verticals import VERTICALS
from kpi_engine.indicator import Needs, Selection
from kpi_engine.indicators import INDICATORS
from tests.architecture.extension_points import CITY_FILE, EVALUATOR, missing, present

Entry = TypeVar("Entry")
HERE = present()
WIND, HEAT, CLIMATE, DELIVERED = (
    QUANTITIES["wind_speed"],
    CARRIERS["heat"],
    VERTICALS["environment"],
    INDICATORS["heat_delivered"],
)
STATION, SIGNAL = CLIMATE.device_types


def changed(entries: Mapping[str, Entry], name: str, entry: Entry) -> dict[str, Entry]:
    return {**entries, name: entry}


def without(page: str, text: str) -> dict[str, str]:
    """Return the pages without every ``text`` on one of them."""
    assert text in HERE.pages[page]
    return changed(HERE.pages, page, HERE.pages[page].replace(text, ""))


def climate(**differs: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of DeviceType by name
    """Return the verticals where the first device type of the environment differs."""
    types = (replace(SIGNAL, **differs), STATION)
    return {"verticals": changed(VERTICALS, "environment", replace(CLIMATE, device_types=types))}


WALK: dict[str, dict[str, Any]] = {
    "quantity wind_speed is in knots: expected a row of that unit in ingest/model/quantities/units.py": {
        "quantities": changed(QUANTITIES, "wind_speed", replace(WIND, unit="knots"))
    },
    "quantity wind_speed has no plausible value: expected the least before the most, not 9 to 1": {
        "quantities": changed(QUANTITIES, "wind_speed", replace(WIND, plausible=(9.0, 1.0)))
    },
    "quantity wind_speed has a usual change without a source: expected where its numbers come from": {
        "quantities": changed(QUANTITIES, "wind_speed", replace(WIND, usual=UsualChange(20.0, 1200.0, "")))
    },
    "quantity gust is reported by nothing: expected it in a device type of ingest/model/verticals": {
        "quantities": changed(QUANTITIES, "gust", replace(WIND, name="gust"))
    },
    f"quantity wind_speed is not in {CITY_FILE}: expected the row | wind_speed | m/s | gauge | 0 to 115 | "
    "weather_station |": {"pages": without(CITY_FILE, "| wind_speed | m/s | gauge | 0 to 115 | weather_station |\n")},
    f"quantity wind_speed is another one in {CITY_FILE}: expected a row like | wind_speed | m/s | gauge | 0 to 90 | "
    "weather_station |": {"quantities": changed(QUANTITIES, "wind_speed", replace(WIND, plausible=(0.0, 90.0)))},
    "carrier heat is counted by gas_volume: expected a register of the table of quantities": {
        "carriers": changed(CARRIERS, "heat", replace(HEAT, register="gas_volume"))
    },
    "carrier steam is metered by nothing: expected a device type with it in ingest/model/verticals": {
        "carriers": changed(CARRIERS, "steam", Carrier("steam", "Steam", "heat_energy"))
    },
    "device type grid_signal meters heat: expected heat_energy among its quantities": climate(carrier="heat"),
    "carrier heat has main meters heat_exchanger: expected a device type that meters it": {
        "carriers": changed(CARRIERS, "heat", replace(HEAT, main_meters=("heat_meter", "heat_exchanger")))
    },
    "carrier heat has main meters: expected their balance, kpi_engine/indicators/heat_meter_balance.py": {
        "indicators": {name: one for name, one in INDICATORS.items() if name != "heat_meter_balance"}
    },
    "register heat_energy may run backwards unseen: expected it in ingest/model/alarm_rules/backwards.py": {
        "watched": {"electricity_energy"}
    },
    "carrier heat ships without an emission factor: expected a file of it in kpi_engine/factors/data": {
        "factors": {"electricity"}
    },
    "city_final_energy leaves out steam, which is energy: expected it in its needs, inputs and definition": {
        "carriers": changed(CARRIERS, "steam", Carrier("steam", "Steam", "heat_energy", has_factor=False))
    },
    f"carrier heat is not in {CITY_FILE}: expected `heat` in the row of the key carrier": {
        "pages": without(CITY_FILE, "`heat` or ")
    },
    f"carrier heat is not in {CITY_FILE}: expected `heat` in the row of the key factors": {
        "pages": without(CITY_FILE, "`heat`, ")
    },
    "vertical environment has no device type: expected at least one": {
        "verticals": changed(VERTICALS, "environment", replace(CLIMATE, device_types=()))
    },
    "device type grid_signal reports nothing: expected names of quantities": climate(quantities=()),
    "device type grid_signal reports gust: expected a row of it in ingest/model/quantities/quantity.py": climate(
        quantities=("grid_emission_factor", "gust")
    ),
    "device type grid_signal meters steam: expected a row of it in the table of carriers": climate(carrier="steam"),
    "device type weather_station differs by vertical: expected one of ingest/model/device_types.py in each": climate(
        name="weather_station"
    ),
    "vertical environment is not simulated: expected simulators/environment/__init__.py with devices()": {
        "simulated": set(VERTICALS) - {"environment"}
    },
    "vertical buildings has no dashboard: expected deploy/grafana/pages/buildings.py with PAGE": {
        "dashboards": set(VERTICALS) - {"buildings"}
    },
    f"vertical environment is not in {CITY_FILE}: expected `environment` in the row of the key vertical": {
        "pages": without(CITY_FILE, " or `environment`")
    },
    f"vertical environment is not whole in {CITY_FILE}, Verticals and device types: expected `grid_signal`": {
        "pages": without(CITY_FILE, ", `grid_signal`")
    },
    "indicator heat_delivered has no citation: expected what a reader of its figures must know": {
        "indicators": changed(INDICATORS, "heat_delivered", replace(DELIVERED, citation=""))
    },
    "indicator heat_delivered reads gust: expected a row of it in ingest/model/quantities/quantity.py": {
        "indicators": changed(INDICATORS, "heat_delivered", replace(DELIVERED, needs=Needs((Selection(("gust",)),))))
    },
    "indicator heat_delivered has no worked example with a value: expected a folder in kpi_engine/examples": {
        "cases": set(INDICATORS) - {"heat_delivered"}
    },
    f"indicator heat_delivered is not in {EVALUATOR}: expected a row of it under The indicators": {
        "pages": without(EVALUATOR, "| heat_delivered | kWh |")
    },
}


def test_nothing_is_missing() -> None:
    assert list(missing(HERE)) == []


@pytest.mark.parametrize(("sentence", "taken"), WALK.items(), ids=lambda one: one[:60] if isinstance(one, str) else "")
def test_what_is_missing_is_said_in_a_sentence(sentence: str, taken: dict[str, Any]) -> None:
    assert sentence in set(missing(replace(HERE, **taken)))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a package of decoders to write modules into."""
    package = tmp_path / "formats"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    yield package
    for name in [name for name in sys.modules if name.partition(".")[0] == "formats"]:
        del sys.modules[name]


def found(folder: Path) -> dict[str, Decoder]:
    return exported("formats", [str(folder)], "DECODER", Decoder)


def test_a_module_that_exports_what_it_should_is_found_by_its_name(folder: Path) -> None:
    (folder / "lines.py").write_text(
        "from ingest.decoder import Decoder\n"
        "DECODER = Decoder('lines', 'Lines', frozenset(), lambda payload, limits: [])\n"
    )
    assert found(folder)["lines"].title == "Lines"


@pytest.mark.parametrize("text", ["", "DECODER = 'lines'"])
def test_a_module_that_exports_nothing_of_the_kind_is_told(folder: Path, text: str) -> None:
    (folder / "lines.py").write_text(text)
    with pytest.raises(ExtensionError) as told:
        found(folder)
    assert str(told.value) == "formats.lines exports no DECODER; expected DECODER = Decoder(...) in it"


def test_a_name_that_is_not_that_of_its_module_is_told(folder: Path) -> None:
    (folder / "lines.py").write_text(
        "from ingest.decoder import Decoder\n"
        "DECODER = Decoder('rows', 'Rows', frozenset(), lambda payload, limits: [])\n"
    )
    with pytest.raises(ExtensionError) as told:
        found(folder)
    assert str(told.value) == "formats.lines names its DECODER 'rows'; expected 'lines', as the module"


def test_what_has_no_name_of_its_own_is_found_by_that_of_its_module(folder: Path) -> None:
    (folder / "lines.py").write_text("WIDTH = 120\n")
    assert constants("formats", [str(folder)], "WIDTH", int) == {"lines": 120}


LISTING = (
    "from ingest.decoder import Decoder\n"
    "DECODERS = tuple(Decoder(name, name, frozenset(), lambda payload, limits: []) for name in {names})\n"
)


def test_what_modules_list_is_found_by_its_name(folder: Path) -> None:
    (folder / "lines.py").write_text(LISTING.format(names=("rows", "cells")))
    assert list(listed("formats", [str(folder)], "DECODERS", Decoder)) == ["rows", "cells"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "formats.lines exports no DECODERS; expected DECODERS = (Decoder(...), ...) in it"),
        ("DECODERS = ('a',)", "formats.lines lists 'a' in its DECODERS; expected (Decoder(...), ...)"),
        (
            LISTING.format(names=("rows", "rows")),
            "formats.lines lists 'rows' in its DECODERS; expected a name of its own",
        ),
    ],
    ids=["nothing", "something else", "one name twice"],
)
def test_a_list_that_is_not_what_it_should_be_is_told(folder: Path, text: str, sentence: str) -> None:
    (folder / "lines.py").write_text(text)
    with pytest.raises(ExtensionError) as told:
        listed("formats", [str(folder)], "DECODERS", Decoder)
    assert str(told.value) == sentence


ONE = "from ingest.decoder import Decoder\nDECODER = Decoder({name!r}, '', frozenset(), lambda payload, limits: [])\n"


def one_or_several(folder: Path) -> list[str]:
    return list(exported_or_listed("formats", [str(folder)], "DECODER", Decoder))


def test_a_module_exports_one_or_lists_several_and_all_are_in_the_order_of_their_names(folder: Path) -> None:
    (folder / "lines.py").write_text(LISTING.format(names=("rows", "cells")))
    (folder / "pages.py").write_text(ONE.format(name="pages"))
    assert one_or_several(folder) == ["cells", "pages", "rows"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "formats.pages exports no DECODER; expected DECODER = Decoder(...) in it"),
        (ONE.format(name="leaves"), "formats.pages names its DECODER 'leaves'; expected 'pages', as the module"),
        (ONE.format(name="pages"), "formats.pages lists 'pages' in its DECODER; expected a name of its own"),
    ],
    ids=["nothing", "another name", "one name twice"],
)
def test_neither_one_nor_several_of_the_kind_is_told(folder: Path, text: str, sentence: str) -> None:
    (folder / "lines.py").write_text(LISTING.format(names=("rows", "pages")))
    (folder / "pages.py").write_text(text)
    with pytest.raises(ExtensionError) as told:
        one_or_several(folder)
    assert str(told.value) == sentence
