"""Lighting installations as the city file states them: power, illuminance and area, cut where one of them changes."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from pydantic import Field

from kpi_engine.evidence.amounts import LARGEST, LONGEST
from kpi_engine.indicator import Entry
from kpi_engine.ports.facts import FactOf, Facts
from kpi_engine.window import FactSpan, Window

VERTICALS: Final = ("smart_lighting",)
SYSTEM_POWER: Final = Facts("system_power", "kW", FactOf.SITES, verticals=VERTICALS)
ILLUMINANCE: Final = Facts("illuminance", "lx", FactOf.SITES, verticals=VERTICALS)
LIT_AREA: Final = Facts("lit_area", "m2", FactOf.SITES, verticals=VERTICALS, is_needed=True)
PORTS: Final = (SYSTEM_POWER, ILLUMINANCE, LIT_AREA)


class LitArea(Entry):
    """One site for ``seconds`` in which its facts held; null, and ``missing`` says why, what is not stated."""

    site: str
    seconds: float = Field(ge=1e-6, le=LONGEST)
    system_power_kw: float | None = Field(ge=0, le=LARGEST)
    illuminance_lx: float | None = Field(ge=0, le=LARGEST)
    lit_area_m2: float | None = Field(ge=0, le=LARGEST)
    missing: str | None = None

    @property
    def is_stated(self) -> bool:
        """Whether all three are."""
        return None not in {self.system_power_kw, self.illuminance_lx, self.lit_area_m2}

    @property
    def luminous_flux(self) -> float:
        """Illuminance times area [lx m2]: the light that the installation is to bring; 0 where one is not stated."""
        return (self.illuminance_lx or 0.0) * (self.lit_area_m2 or 0.0)


def lit_areas(window: Window) -> tuple[LitArea, ...]:
    """Select the installations of a window, in order of site and time."""
    spans = [window.given(port) for port in PORTS]
    sites = sorted({span.site for every in spans for span in every})
    return tuple(area for site in sites for area in _of_site(site, spans))


def _of_site(site: str, spans: Sequence[Sequence[FactSpan]]) -> Iterator[LitArea]:
    mine = [[span for span in every if span.site == site] for every in spans]
    edges = sorted({edge for every in mine for span in every for edge in (span.start, span.end)})
    for start, end in pairwise(edges):
        held = [next((one for one in every if one.start <= start < one.end), None) for every in mine]
        if any(one is None for one in held):  # between two times in which lighting stood there
            continue
        power, illuminance, area = (None if one is None else one.value for one in held)
        missing = [one.missing for one in held if one is not None and one.missing]
        yield LitArea(
            site=site,
            seconds=(end - start) / 1e6,
            system_power_kw=power,
            illuminance_lx=illuminance,
            lit_area_m2=area,
            missing="; ".join(missing) or None,
        )
