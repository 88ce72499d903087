"""Indicators of money, from what the city file states of sites: whole amounts with their source, dated by validity.

Nothing of them is metered: they are as good as who states them. A city is the sum over its sites that state an
investment by the end of the period, sum over sum; one that lacks another amount leaves no figure.
"""

from collections.abc import Callable
from math import fsum
from typing import Final

from pydantic import Field

from ingest.model.calendar import Period
from ingest.model.sentences import Sentence
from ingest.wording import first_of
from kpi_engine.evidence.amounts import LARGEST
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.formulas.economics import annuity
from kpi_engine.indicator import Better, Entry, Indicator, Inputs, Outcome, SiteFactNeed
from kpi_engine.ports.stated import SiteStatement, Stated
from kpi_engine.window import Window

PERCENT: Final = 100.0
INVESTMENT: Final = SiteFactNeed("investment", "EUR")
NEEDS: Final = {
    one.name: one
    for one in (
        SiteFactNeed("grant", "EUR"),
        SiteFactNeed("annual_saving", "EUR"),
        SiteFactNeed("annual_emissions_saved", "t"),
        SiteFactNeed("discount_rate", "percent"),
        SiteFactNeed("investment_lifetime", "1"),
        SiteFactNeed("floor_area", "m2"),
    )
}
CITATION: Final = "SCIS KPI Guide v2.0, economic indicators (formulas recalled)"
_NAMED: Final = 3


class SiteInvestment(Entry):
    """What one site states: money in EUR, of savings in a year; ``missing`` says why something is null."""

    site: str
    investment: float = Field(ge=0, le=LARGEST)
    grant: float | None = Field(default=None, ge=0, le=LARGEST)
    annual_saving: float | None = Field(default=None, ge=0, le=LARGEST)
    annual_emissions_saved: float | None = Field(default=None, ge=0, le=LARGEST)
    discount_rate: float | None = Field(default=None, ge=0, le=100)
    investment_lifetime: float | None = Field(default=None, gt=0, le=1000)
    floor_area: float | None = Field(default=None, ge=0, le=LARGEST)
    missing: str | None = None


class InvestmentInputs(Inputs):
    """The sites that state an investment: EUR, percent, years, t and m2."""

    sites: tuple[SiteInvestment, ...]

    def total(self, name: str) -> float:
        """Return the sum of what every site states."""
        return fsum(getattr(one, name) for one in self.sites)

    @property
    def annuities(self) -> list[float]:
        """What each investment costs in a year: the equal payment over its lifetime at its discount rate."""
        return [
            annuity(one.investment, (one.discount_rate or 0.0) / PERCENT, one.investment_lifetime or 1.0)
            for one in self.sites
        ]


Arithmetic = Callable[[InvestmentInputs], float | str]
"""Returns the figure, or why there is none; all that was asked for is stated."""


def investment_indicator(  # noqa: PLR0913 - what a definition holds
    name: str,
    *,
    title: str,
    unit: str,
    definition: str,
    formula: str,
    framework: str,
    better: Better,
    beside: tuple[str, ...],
    arithmetic: Arithmetic,
) -> Indicator[InvestmentInputs]:
    """Return an indicator of the investment of sites and of the facts ``beside`` it."""
    port = Stated((INVESTMENT, *(NEEDS[one] for one in beside)))

    def inputs(window: Window) -> InvestmentInputs:
        """Select what sites state."""
        return InvestmentInputs(sites=tuple(_site(one) for one in window.given(port)))

    def compute(inputs: InvestmentInputs) -> Outcome:
        """Return the figure of all sites together."""
        if not inputs.sites:
            return Outcome(None, 0.0, None, Sentence("no site states an investment").of())
        lacking = {f"{one.site}: {_lack(one, beside)}": None for one in inputs.sites if _lack(one, beside)}
        if lacking:
            return Outcome(None, 1.0, None, first_of(lacking, _NAMED, "; "))
        found = arithmetic(inputs)
        return Outcome(None, 1.0, None, found) if isinstance(found, str) else Outcome.of(Bounded.exact(found), 1.0)

    return Indicator(
        name=name,
        title=title,
        unit=unit,
        definition=f"{definition} From facts of the city file with their source, as they stand at the end of the year; "
        "nothing of it is metered. Of a city, over all sites that state an investment, sum over sum.",
        formula=formula,
        citation=CITATION,
        frameworks=(framework,),
        better=better,
        boundary="Sites that state an investment in the city file",
        periods=(Period.YEAR,),
        inputs_model=InvestmentInputs,
        inputs=inputs,
        compute=compute,
        ports=(port,),
    )


def _site(one: SiteStatement) -> SiteInvestment:
    document = {"site": one.site, "missing": "; ".join(one.missing.values()) or None, **one.values}
    return SiteInvestment.model_validate(document)


def _lack(one: SiteInvestment, names: tuple[str, ...]) -> str | None:
    """Say what a site does not state of what is asked for."""
    absent = [name for name in names if getattr(one, name) is None]
    return (one.missing or f"{', '.join(absent)} not given") if absent else None
