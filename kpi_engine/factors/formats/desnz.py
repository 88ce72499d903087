"""The flat file of the UK government's conversion factors for company reporting (DESNZ), as CSV.

A row is a factor where it is kg CO2e for energy; parts by gas, and amounts that are no energy, are left out.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Final

from kpi_engine.errors import FactorError
from kpi_engine.factors.factor import CANONICAL_UNIT, CalorificBasis, EmissionBoundary, Factor, View
from kpi_engine.factors.factor_table import (
    FactorFormat,
    FactorTable,
    Row,
    collected,
    factor,
    rows,
    slug,
    without_faults,
)

REQUIRED: Final = ("Scope", "Level 1", "Level 2", "Level 3", "Column Text", "UOM", "GHG/Unit")
VALUE: Final = re.compile(r"GHG Conversion Factor ((?:19|20)\d\d)")
PER_KWH: Final = {"kilowatt hour": 1.0, "gigajoule": 3.6e-3}  # exact: a kWh is 0.0036 GJ
PER_KWH_SHORT: Final = {"kwh": "kilowatt hour", "gj": "gigajoule"}
BASES: Final = {"Net CV": CalorificBasis.NCV, "Gross CV": CalorificBasis.GCV, "": None}
FUELS: Final = {
    "gaseous fuels": "gas",
    "liquid fuels": "liquid_fuel",
    "solid fuels": "solid_fuel",
    "biofuel": "biofuel",
    "biomass": "biomass",
    "biogas": "biogas",
}
BURNED: Final = {"liquid fuels": "oil", "solid fuels": "coal", "biomass": "wood"}  # by plants: rows that say the word
LONGEST_NAME: Final = 63


def read(text: str, name: str) -> FactorTable:
    """Return the factors for energy, and how many rows are none; raises FactorError naming row and column."""
    left_out: Counter[str] = Counter()
    factors = collected(name, without_faults(_factors(text, name, left_out)))
    return FactorTable(factors, dict(left_out))


def _factors(text: str, name: str, left_out: Counter[str]) -> Iterator[Callable[[], tuple[str, Factor]]]:
    column = ""
    for number, row in rows(text, name, REQUIRED):
        column = column or _value_column(row, name)
        if reason := _no_factor(row, column):
            left_out[reason] += 1
        else:
            yield partial(_factor, name, number, row, column)


def _value_column(row: Row, name: str) -> str:
    columns = [column for column in row if VALUE.fullmatch(column)]
    if len(columns) != 1:
        raise FactorError(f"{name}: row 1: expected one column 'GHG Conversion Factor' with a year, not {len(columns)}")
    return columns[0]


def _no_factor(row: Row, column: str) -> str | None:
    """Say why a row is no factor for energy; None where it is one."""
    if row["GHG/Unit"] != "kg CO2e":
        return f"in {row['GHG/Unit'] or 'no unit'}, not kg CO2e in all"
    if _energy_unit(row) not in PER_KWH:
        return f"per {row['UOM'].lower() or 'no unit'}, which is no energy"
    if row["Column Text"] not in BASES:
        return f"of {row['Column Text']}, which is no calorific basis"
    if not row[column]:
        return "without a value"
    return None if _carrier(row) else f"of {row['Level 1']}, which is no carrier"


def _energy_unit(row: Row) -> str:
    unit = row["UOM"].lower()
    return PER_KWH_SHORT.get(re.sub(r"\s*\(.*\)$", "", unit), unit)


def _carrier(row: Row) -> str | None:
    kind = f"{row['Level 1']} {row['Level 2']}".lower()
    if "electricity" in kind:
        return "electricity"
    if "heat" in kind:
        return "heat"
    group = row["Level 2"].lower().removeprefix("wtt- ")
    burned = BURNED.get(group)
    return burned if burned and burned in row["Level 3"].lower().split() else FUELS.get(group)


def _factor(file: str, number: int, row: Row, column: str) -> tuple[str, Factor]:
    place = f"{file}: row {number}"
    year = int(column[-4:])
    try:
        value = float(row[column]) * PER_KWH[_energy_unit(row)]
    except ValueError:
        raise FactorError(f"{place}: column {column}: expected a number, not {row[column]!r}") from None
    carrier, basis = _carrier(row), BASES[row["Column Text"]]
    is_upstream = "wtt" in row["Level 1"].lower() or row["Scope"] == "Scope3" or row["Scope"] == "Scope 3"
    described = [row["Scope"], row["Level 1"], row["Level 2"], row["Level 3"], row["Column Text"]]
    page = f"{', '.join(filter(None, described))}, kg CO2e per {row['UOM']}"
    first, end = _validity(place, row, year)
    return f"row {number}", factor(
        place,
        {
            "name": _name(row, basis),
            "carrier": carrier,
            "version": str(year),
            "region": row.get("region") or "United Kingdom",
            "valid_from": first,
            "valid_to": end,
            "year": year,
            "value": value,
            "unit": CANONICAL_UNIT,
            "method": "UK government greenhouse gas conversion factors for company reporting, kg CO2e",
            "boundary": EmissionBoundary.UPSTREAM if is_upstream else EmissionBoundary.DIRECT,
            "boundary_note": f"{row['Scope']}, {row['Level 1']}",
            "view": View.LOCATION if carrier == "electricity" else None,
            "gwp": "not stated in the table",
            "calorific_basis": basis,
            "source": f"DESNZ, Greenhouse gas reporting, conversion factors {year} (OGL v3)",
            "page": page,
            "verified": True,
        },
        {"value": column},
    )


def _name(row: Row, basis: CalorificBasis | None) -> str:
    """Return a name of the row's own: the levels that tell it apart, and the basis."""
    is_wtt = row["Level 1"].lower().startswith("wtt")
    head = row["Level 2"] if row["Level 2"].lower().startswith("wtt") else ("wtt" if is_wtt else "")
    tail = f"-{basis.lower()}" if basis else ""
    tail = f"-gj{tail}" if _energy_unit(row) == "gigajoule" else tail
    words = "-".join(filter(None, ("desnz", slug(head), slug(row["Level 3"]), slug(row.get("Level 4", "")))))
    return f"{words[: LONGEST_NAME - len(tail)].rstrip('-')}{tail}"


def _validity(place: str, row: Row, year: int) -> tuple[date, date]:
    """Return the first day and the day after the last: those of the row, or the factor's year."""
    days = []
    for column, day in (("valid_from", date(year, 1, 1)), ("valid_to", date(year, 12, 31))):
        try:
            days.append(date.fromisoformat(row[column][:10]) if row.get(column) else day)
        except ValueError:
            raise FactorError(f"{place}: column {column}: expected a day, not {row[column]!r}") from None
    if days[1] >= date.max:
        raise FactorError(f"{place}: column valid_to: expected a day before {date.max}")
    return days[0], days[1] + timedelta(days=1)


FORMAT: Final = FactorFormat("desnz", "UK government conversion factors, flat file (CSV)", read)
