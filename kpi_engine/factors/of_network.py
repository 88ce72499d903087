"""The factor of a heat network as its own figure says it, published so that buildings are reckoned by it.

A figure moves as data come; what others are reckoned by must not. So a year's figure becomes a factor when somebody
publishes it, under a version that names its revision: a later revision is another version beside it.
"""

from datetime import date
from typing import Any, Final

from kpi_engine.errors import FactorError
from kpi_engine.factors.factor import CANONICAL_UNIT, EmissionBoundary, Factor
from kpi_engine.figures.store import StoredFigure

KPI: Final = "heat_network_emission_factor"


def factor_of(figure: StoredFigure, name: str, year: int) -> Factor:
    """Return the factor that the figure of a ``year`` is, called ``name``; raises FactorError where it is none yet."""
    subject = f"{figure.city} {figure.site}" if figure.site else figure.city
    if figure.through < figure.period_end:
        raise FactorError(f"{subject}: {year} has not ended, and a part of it is no factor; nothing was published")
    if figure.due:
        raise FactorError(f"{subject}: the figure of {year} is about to be computed again; nothing was published")
    if figure.value is None:
        raise FactorError(f"{subject}: {KPI} of {year} has no value ({figure.reason}); nothing was published")
    fuels = [used for used in figure.factors if "name" in used]
    boundaries = {used.get("boundary") for used in fuels}
    lower, upper = ("not bounded" if edge is None else f"{edge:.6g}" for edge in (figure.lower, figure.upper))
    return Factor(
        name=name,
        carrier="heat",
        version=f"{year}-revision-{figure.revision}",
        region=figure.city,
        valid_from=date(year, 1, 1),
        value=figure.value,
        unit=CANONICAL_UNIT,
        method=f"{KPI}, rule {figure.rule_version}: what the plants burned over the heat delivered; it lies between "
        f"{lower} and {upper} kg/kWh",
        boundary_note=f"as its fuels: {_listed(fuels, 'name')}",
        gwp=_listed(fuels, "gwp"),
        source=f"figure {figure.value_id}: {KPI} of {subject} in {year}, revision {figure.revision}, inputs "
        f"{figure.inputs_hash}",
        page=f"/api/v1/kpis/{KPI}/values/{figure.value_id}/lineage",
        verified=True,
        boundary=EmissionBoundary(one) if len(boundaries) == 1 and (one := boundaries.pop()) else None,
        year=year,
    )


def _listed(fuels: list[dict[str, Any]], key: str) -> str:
    return ", ".join(sorted({str(used[key]) for used in fuels if used.get(key)})) or "not stated"
