"""What a quantity, a carrier, a vertical or an indicator needs beyond its row or file; each lack is a sentence.

``python -m tests.architecture.extension_points`` prints what is missing.
"""

import json
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from deploy.grafana.pages import pages
from ingest.model.alarm import Falling
from ingest.model.alarm_rules import ALARM_RULES
from ingest.model.quantities.carrier import CARRIERS, Carrier
from ingest.model.quantities.quantity import QUANTITIES, Quantity
from ingest.model.quantities.units import EXPRESSIONS
from ingest.model.reading import ReadingKind
from ingest.model.vertical import DeviceType, Vertical
from ingest.model.verticals import VERTICALS
from kpi_engine.factors.files import shipped
from kpi_engine.indicator import Indicator
from kpi_engine.indicators import INDICATORS

ROOT: Final = Path(__file__).parents[2]
CITY_FILE: Final = "docs/city-file.md"
EVALUATOR: Final = "docs/users/evaluator.md"
QUANTITY_TABLE: Final = "### Quantities and units"
TYPE_TABLE: Final = "### Verticals and device types"
SUMS: Final = ("city_final_energy", "city_emissions")  # what adds up carriers; the second one those with a factor


@dataclass(frozen=True)
class Extensions:
    """Everything that can be added to, and what must know of it.

    ``simulated``: verticals with a simulator; ``dashboards``: those with a page; ``cases``: indicators with a golden
    case that has a value; ``factors``: carriers of which an emission factor is shipped; ``watched``: registers whose
    running backwards raises an alarm; ``pages``: text by path.
    """

    quantities: Mapping[str, Quantity]
    carriers: Mapping[str, Carrier]
    verticals: Mapping[str, Vertical]
    indicators: Mapping[str, Indicator[Any]]
    simulated: Collection[str]
    dashboards: Collection[str]
    cases: Collection[str]
    factors: Collection[str]
    watched: Collection[str]
    pages: Mapping[str, str]

    @cached_property
    def device_types(self) -> list[DeviceType]:
        """Every type of device, each once."""
        return list(dict.fromkeys(kind for one in self.verticals.values() for kind in one.device_types))

    def rows(self, page: str, heading: str) -> dict[str, list[str]]:
        """Return the cells after the first one of every row of the first table below ``heading``, by the first."""
        _, _, below = self.pages[page].partition(f"{heading}\n")
        table = re.search(r"(?:^\|.*\|\n)+", below, re.MULTILINE)
        rows = (re.split(r" *\| *", line[1:-1].strip()) for line in (table[0] if table else "").splitlines())
        return {first.strip("*`"): rest for first, *rest in rows}


def present() -> Extensions:
    """Return what this checkout has."""
    cases = [json.loads(one.read_text()) for one in (ROOT / "kpi_engine/examples").glob("*/expected.json")]
    return Extensions(
        QUANTITIES,
        CARRIERS,
        VERTICALS,
        INDICATORS,
        simulated={name for name in VERTICALS if _is_simulated(name)},
        dashboards={one.name.replace("-", "_") for one in pages()},
        cases={case["kpi"] for case in cases if case["value"] is not None},
        factors={factor.carrier for factor in shipped()},
        watched={rule.measure.quantity for rule in ALARM_RULES.values() if isinstance(rule.measure, Falling)},
        pages={page: (ROOT / page).read_text(encoding="utf-8") for page in (CITY_FILE, EVALUATOR)},
    )


def _is_simulated(vertical: str) -> bool:
    package = f"simulators.{vertical}"
    return find_spec(package) is not None and hasattr(import_module(package), "devices")


def missing(here: Extensions) -> Iterator[str]:
    """Yield in a sentence each what is missing anywhere."""
    for quantity in here.quantities.values():
        yield from of_quantity(quantity, here)
    for carrier in here.carriers.values():
        yield from of_carrier(carrier, here)
    for vertical in here.verticals.values():
        yield from of_vertical(vertical, here)
    for indicator in here.indicators.values():
        yield from of_indicator(indicator, here)


def of_quantity(one: Quantity, here: Extensions) -> Iterator[str]:
    """Yield what a quantity lacks."""
    types = [kind.name for kind in here.device_types if one.name in kind.quantities]
    low, high = one.plausible
    row = f"| {one.name} | {one.unit} | {one.kind} | {low:g} to {high:g} | {', '.join(types)} |"
    if one.unit not in EXPRESSIONS:
        yield f"quantity {one.name} is in {one.unit}: expected a row of that unit in ingest/model/quantities/units.py"
    if low >= high:
        yield f"quantity {one.name} has no plausible value: expected the least before the most, not {low:g} to {high:g}"
    if len(one.usual.source) < 20:
        yield f"quantity {one.name} has a usual change without a source: expected where its numbers come from"
    if not types:
        yield f"quantity {one.name} is reported by nothing: expected it in a device type of ingest/model/verticals"
    elif (cells := here.rows(CITY_FILE, QUANTITY_TABLE).get(one.name)) is None:
        yield f"quantity {one.name} is not in {CITY_FILE}: expected the row {row}"
    elif not _describes(cells, one, types, here):
        yield f"quantity {one.name} is another one in {CITY_FILE}: expected a row like {row}"


def _describes(cells: list[str], one: Quantity, types: list[str], here: Extensions) -> bool:
    unit, kind, between, reporters = cells
    other = here.rows(CITY_FILE, QUANTITY_TABLE).get(reporters.removeprefix("as "), [reporters])[-1]
    low, high = (float(number.replace(",", "")) for number in between.split(" to "))
    is_kind = re.match(rf"{one.kind}\b", kind) is not None
    return is_kind and (unit, (low, high), set(other.split(", "))) == (one.unit, one.plausible, set(types))


def of_carrier(one: Carrier, here: Extensions) -> Iterator[str]:
    """Yield what a carrier lacks."""
    register = here.quantities.get(one.register)
    if register is None or register.kind is not ReadingKind.REGISTER:
        yield f"carrier {one.name} is counted by {one.register}: expected a register of the table of quantities"
        return
    yield from _meters(one, here)
    yield from _figures(one, here)
    for heading, key, is_there in (("### Device", "carrier", True), ("### City", "factors", one.has_factor)):
        if is_there and f"`{one.name}`" not in here.rows(CITY_FILE, heading)[key][0]:
            yield f"carrier {one.name} is not in {CITY_FILE}: expected `{one.name}` in the row of the key {key}"


def _meters(one: Carrier, here: Extensions) -> Iterator[str]:
    meters = [kind for kind in here.device_types if kind.carrier == one.name]
    if not meters:
        yield f"carrier {one.name} is metered by nothing: expected a device type with it in ingest/model/verticals"
    for kind in meters:
        if one.register not in kind.quantities:
            yield f"device type {kind.name} meters {one.name}: expected {one.register} among its quantities"
    for name in one.main_meters:
        if name not in {kind.name for kind in meters}:
            yield f"carrier {one.name} has main meters {name}: expected a device type that meters it"


def _figures(one: Carrier, here: Extensions) -> Iterator[str]:
    if one.main_meters and one.balance not in here.indicators:
        yield f"carrier {one.name} has main meters: expected their balance, kpi_engine/indicators/{one.balance}.py"
    if one.register not in here.watched:
        yield f"register {one.register} may run backwards unseen: expected it in ingest/model/alarm_rules/backwards.py"
    if one.has_factor and one.name not in here.factors:
        yield f"carrier {one.name} ships without an emission factor: expected a file of it in kpi_engine/factors/data"
    for name, counts in zip(SUMS, (one.is_energy, one.is_energy and one.has_factor), strict=True):
        if counts and one.name not in here.indicators[name].needs.carriers:
            yield f"{name} leaves out {one.name}, which is energy: expected it in its needs, inputs and definition"


def of_vertical(one: Vertical, here: Extensions) -> Iterator[str]:
    """Yield what a vertical lacks."""
    if not one.device_types:
        yield f"vertical {one.name} has no device type: expected at least one"
    for kind in one.device_types:
        yield from _of_device_type(kind, here)
    if one.name not in here.simulated:
        yield f"vertical {one.name} is not simulated: expected simulators/{one.name}/__init__.py with devices()"
    if one.name not in here.dashboards and any(kind.carrier for kind in one.device_types):
        yield f"vertical {one.name} has no dashboard: expected deploy/grafana/pages/{one.name}.py with PAGE"
    if f"`{one.name}`" not in here.rows(CITY_FILE, "### Site")["vertical"][0]:
        yield f"vertical {one.name} is not in {CITY_FILE}: expected `{one.name}` in the row of the key vertical"
    row = here.rows(CITY_FILE, TYPE_TABLE).get(one.name, [""])
    if unnamed := [kind.name for kind in one.device_types if f"`{kind.name}`" not in row[0]]:
        yield f"vertical {one.name} is not whole in {CITY_FILE}, Verticals and device types: expected `{unnamed[0]}`"


def _of_device_type(kind: DeviceType, here: Extensions) -> Iterator[str]:
    if not kind.quantities:
        yield f"device type {kind.name} reports nothing: expected names of quantities"
    for name in set(kind.quantities) - here.quantities.keys():
        yield f"device type {kind.name} reports {name}: expected a row of it in ingest/model/quantities/quantity.py"
    if kind.carrier is not None and kind.carrier not in here.carriers:
        yield f"device type {kind.name} meters {kind.carrier}: expected a row of it in the table of carriers"
    if sum(other.name == kind.name for other in here.device_types) > 1:
        yield f"device type {kind.name} differs by vertical: expected one of ingest/model/device_types.py in each"


def of_indicator(one: Indicator[Any], here: Extensions) -> Iterator[str]:
    """Yield what an indicator lacks."""
    for part in ("title", "definition", "formula", "citation", "frameworks"):
        if not getattr(one, part):
            yield f"indicator {one.name} has no {part}: expected what a reader of its figures must know"
    read = {name for selection in one.reads for name in (*selection.quantities, selection.beside) if name}
    for name in sorted(read - here.quantities.keys()):
        yield f"indicator {one.name} reads {name}: expected a row of it in ingest/model/quantities/quantity.py"
    if one.name not in here.cases:
        yield f"indicator {one.name} has no worked example with a value: expected a folder in kpi_engine/examples"
    if one.name not in here.rows(EVALUATOR, "## The indicators"):
        yield f"indicator {one.name} is not in {EVALUATOR}: expected a row of it under The indicators"


if __name__ == "__main__":
    sys.exit("\n".join(missing(present())) or None)
