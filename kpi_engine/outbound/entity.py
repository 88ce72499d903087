"""A figure as an entity of NGSI-LD, of the type KeyPerformanceIndicator of Smart Data Models. Pure.

What the data model has no name for stands in attributes of our own: bounds, coverage, status, reason, revision and the
address of the lineage. NGSI-LD has no null: a figure without a value has no ``kpiValue``, and says why. So an entity
replaces the one before as a whole; merged into it, the value of before would stand on.

Source: ETSI GS CIM 009 (recalled); examples of the data model KeyPerformanceIndicator (read).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from ingest.model.calendar import Period
from ingest.model.city.assets import City
from ingest.model.quantities import common_codes
from kpi_engine.api import applicability
from kpi_engine.figures.store import KnownFigure
from kpi_engine.indicator import Indicator
from kpi_engine.outbound.figure_place import ENTITY_TYPE, FigurePlace

Entity = dict[str, Any]

MEDIA_TYPE: Final = "application/ld+json"
TERMS: Final = "urn:pharos:terms:"
OWN: Final = (
    *("unit", "lower", "upper", "coverage", "figureStatus", "reason", "revision", "rulesVersion", "inputsHash"),
    *("computedThrough", "due", "lineage"),
)
CONTEXT: Final[list[Any]] = [
    "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld",
    "https://raw.githubusercontent.com/smart-data-models/dataModel.KeyPerformanceIndicator/master/context.jsonld",
    {name: f"{TERMS}{name}" for name in OWN},
]
FREQUENCIES: Final = {Period.DAY: "daily", Period.MONTH: "monthly", Period.YEAR: "yearly"}


@dataclass(frozen=True)
class EntityScope:
    """What stands beside a figure: its city, and where the interface is reached.

    ``address`` as https://figures.example.org, or nothing: then the lineage has a path alone. ``with_due``: whether a
    figure is about to be computed again is told; not of what is handed on, since no revision would take it back.
    """

    city: City
    address: str = ""
    with_due: bool = False


def entity(figure: KnownFigure, indicator: Indicator[Any], scope: EntityScope) -> Entity:
    """Return a figure as an entity in normalised form."""
    city, place = scope.city, FigurePlace.of(figure, scope.city)
    about = {
        "name": indicator.title,
        "description": indicator.definition,
        "category": ["quantitative"],
        "organization": city.title,
        "process": applicability.vertical(indicator) or "city",
        "address": {"addressCountry": city.country, "addressLocality": city.title, "type": "PostalAddress"},
        "area": None if place.kind == "city" else place.subject,
        "calculationFrequency": FREQUENCIES[Period(figure.period)],
        "calculationFormula": indicator.formula,
        "calculationMethod": "automatic",
        "calculationPeriod": _civil(figure, city.timezone),
        "updatedAt": None if figure.computed_at is None else _time(figure.computed_at),
    }
    document = {
        "unit": figure.unit,
        "lower": figure.lower,
        "upper": figure.upper,
        "coverage": figure.coverage,
        "figureStatus": figure.status,
        "reason": figure.reason,
        "revision": figure.revision,
        "rulesVersion": figure.rule_version,
        "inputsHash": figure.inputs_hash,
        "computedThrough": _time(figure.through),
        "due": figure.due if scope.with_due else None,
        "lineage": f"{scope.address.rstrip('/')}{lineage_path(figure, place)}",
    }
    return {
        "id": place.urn,
        "type": ENTITY_TYPE,
        **{name: _property(value) for name, value in about.items() if value is not None},
        **({} if figure.value is None else {"kpiValue": _amount(figure.value, figure)}),
        **{name: _property(value) for name, value in document.items() if value is not None},
        "@context": CONTEXT,
    }


def lineage_path(figure: KnownFigure, place: FigurePlace) -> str:
    """Return the path that says what stands behind a figure; a day that is computed when asked for has its own."""
    if figure.value_id is not None:
        return f"/api/v1/kpis/{figure.kpi}/values/{figure.value_id}/lineage"
    return f"/api/v1/kpis/{figure.kpi}/days/{place.label}/lineage?city={place.city}&{place.kind}={place.subject}"


def _amount(value: float, figure: KnownFigure) -> Entity:
    code = common_codes.code(figure.unit)
    return _property(value) | ({} if code is None else {"unitCode": code}) | {"observedAt": _stamp(figure.through)}


def _civil(figure: KnownFigure, zone: str) -> dict[str, str]:
    """Return the first and the last civil day of the period."""
    first, after = (_day(edge, zone) for edge in (figure.period_start, figure.period_end))
    return {"from": first.isoformat(), "to": (after - timedelta(days=1)).isoformat()}


def _day(instant: datetime, zone: str) -> date:
    return instant.astimezone(ZoneInfo(zone)).date()


def _property(value: object) -> Entity:
    return {"type": "Property", "value": value}


def _time(instant: datetime) -> dict[str, str]:
    return {"@type": "DateTime", "@value": _stamp(instant)}


def _stamp(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
