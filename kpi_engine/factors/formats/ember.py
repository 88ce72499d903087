"""Ember's yearly average intensities of electricity by country, in the JSON that co2.js publishes."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any, Final

from ingest.model.declarations.expected import found
from ingest.wording import in_words
from kpi_engine.errors import FactorError
from kpi_engine.factors.factor import EmissionBoundary, Factor, View
from kpi_engine.factors.factor_table import FactorFormat, FactorTable, collected, factor, slug, without_faults

VALUE: Final = "emissions_intensity_gco2_per_kwh"
SOURCE: Final = "Ember, average emissions intensity of electricity by country (CC BY-SA 4.0), as listed by co2.js"
COLUMNS: Final = {"region": "country_or_region", "value": VALUE}


def read(text: str, name: str) -> FactorTable:
    """Return the factor of each country and region, valid in the year it is of; raises FactorError naming the entry."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FactorError(f"{name}: expected JSON: {in_words(error)}") from error
    if not isinstance(document, dict):
        raise FactorError(f"{name}: expected countries by code, not {found(document)}")
    return FactorTable(collected(name, without_faults(_entries(document, name))))


def _entries(document: dict[str, Any], name: str) -> Iterator[Callable[[], tuple[str, Factor]]]:
    for code, entry in document.items():
        yield partial(_entry, name, code, entry)


def _entry(name: str, code: str, entry: object) -> tuple[str, Factor]:
    place = f"{name}: entry {code}"
    if not isinstance(entry, dict):
        raise FactorError(f"{place}: expected country_or_region, year and {VALUE}, not {found(entry)}")
    year = entry.get("year")
    if not isinstance(year, int) or isinstance(year, bool) or not 1900 <= year <= 2999:
        raise FactorError(f"{place}: column year: expected a year, not {found(year)}")
    return f"entry {code}", factor(
        place,
        {
            "name": f"ember-{slug(code)}",
            "carrier": "electricity",
            "version": str(year),
            "region": entry.get("country_or_region"),
            "valid_from": date(year, 1, 1),
            "valid_to": date(year + 1, 1, 1),
            "year": year,
            "value": entry.get(VALUE),
            "unit": "g/kWh",
            "method": "average of the year's generation, imports and exports not counted",
            "boundary": EmissionBoundary.LIFE_CYCLE,
            "boundary_note": "life-cycle of fuels and plants included (recalled); losses of the grid not included",
            "view": View.LOCATION,
            "gwp": "not stated",
            "source": SOURCE,
            "page": f"entry {code}, year {year}, {VALUE}",
            "verified": True,
        },
        COLUMNS,
    )


FORMAT: Final = FactorFormat("ember", "Ember, yearly average of electricity by country (JSON of co2.js)", read)
