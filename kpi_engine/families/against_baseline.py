"""A figure of a year against its baseline year: what the city file states of that, else the figure of that year.

A year that goes on, or either of which little was measured, has none: a part is never scaled to a year.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from ingest.model.calendar import Period
from ingest.model.sentences import Sentence
from kpi_engine.families.intensity import SiteFacts, site_facts, time_mean, unstated
from kpi_engine.families.of_figures import bounded_of
from kpi_engine.formulas.bounded import Bounded, added, ratio
from kpi_engine.indicator import Better, Indicator, Inputs, Outcome, StatusLimits
from kpi_engine.ports.facts import FactOf, Facts
from kpi_engine.ports.metric import Metric, MetricInput, MetricPeriod, single
from kpi_engine.window import KNOWN_FROM, Window

PERCENT: Final = 100.0
YEAR: Final = Facts("baseline_year", "1", FactOf.CITY, is_needed=True)
WHOLE_YEARS: Final = (
    "A stated baseline has to be of the same boundary: whoever states it answers for that, and it is taken as exact. A "
    "year that has not ended, or of which measurements cover less than 90 %, has no figure: a part is never scaled to "
    "a year."
)


@dataclass(frozen=True)
class AgainstBaseline:
    """A figure ``now``, what the fact ``name`` states of the baseline ``year``, and what was ``measured`` in it.

    ``measured`` is given where nothing is stated.
    """

    now: MetricInput
    stated: SiteFacts
    name: str
    year: SiteFacts
    measured: MetricInput | None = None

    @property
    def baseline(self) -> Bounded:
        """The baseline with its bounds; ask ``lacking`` before."""
        return bounded_of(self.measured) if self.measured else Bounded.exact(time_mean(self.stated))

    @property
    def lacking(self) -> str | None:
        """Why there is no baseline; None where there is one."""
        measured = self.measured
        if measured is None:
            return unstated(self.stated, self.name)
        if measured.value is not None and measured.coverage >= KNOWN_FROM:
            return None
        known = Sentence("measurements cover {share} of the baseline year").of(share=f"{measured.coverage:.0%}")
        return "; ".join(filter(None, [unstated(self.stated, self.name), known, measured.reason]))

    def share_less(self) -> Outcome:
        """Return (baseline - figure) over baseline [%]."""
        return self._compared(self._share_less, PERCENT)

    def amount_less(self) -> Outcome:
        """Return baseline - figure, in their unit."""
        return self._compared(lambda now, baseline: added((baseline, now.scaled(-1.0))))

    def _share_less(self, now: Bounded, baseline: Bounded) -> Bounded:
        known = baseline.value or 0.0
        if self.measured is None:
            left = now.scaled(PERCENT / known)
        else:
            left = ratio(now, baseline, (now.value or 0.0) / known).scaled(PERCENT)
        return added((Bounded.exact(PERCENT), left.scaled(-1.0)))

    def _compared(self, of: Callable[[Bounded, Bounded], Bounded], scale: float | None = None) -> Outcome:
        found = self.now.outcome
        lacks = [
            self.lacking,
            unstated(self.year, YEAR.name),
            None
            if found.coverage >= KNOWN_FROM
            else Sentence("measurements cover {share} of the year").of(share=f"{found.coverage:.0%}"),
        ]
        why = "; ".join(filter(None, [*lacks, found.reason])) or None
        if any(lacks) or found.value is None:
            return Outcome(None, found.coverage, None, why)
        baseline = self.baseline
        if baseline.value is None or baseline.value <= 0.0:
            return Outcome(
                None, found.coverage, None, why or Sentence("the baseline is 0, and nothing can be divided by it").of()
            )
        less = Outcome.of(of(bounded_of(self.now), baseline), found.coverage, found.estimated_share, why)
        return replace(less, scale=scale or baseline.value)


class AgainstBaselineInputs(Inputs):
    """The figure of the year, what the city file states of the baseline year, and which year that is.

    ``measured``: what the figure is of that year; it counts where the city file states nothing.
    """

    figure: MetricInput
    stated: SiteFacts
    baseline_year: SiteFacts
    measured: MetricInput | None = None


def reduction_indicator(  # noqa: PLR0913 - what a definition holds
    name: str,
    kpi: str,
    stated: Facts,
    *,
    title: str,
    unit: str,
    definition: str,
    citation: str,
    frameworks: tuple[str, ...],
    boundary: str,
    of_sites: bool,
    compared: Callable[[AgainstBaseline], Outcome] = AgainstBaseline.share_less,
) -> Indicator[AgainstBaselineInputs]:
    """Return the indicator of how much less ``kpi`` is than in the baseline year, which ``stated`` is the fact of."""
    now, then = Metric(kpi), Metric(kpi, period=MetricPeriod.BASELINE_YEAR)

    def inputs(window: Window) -> AgainstBaselineInputs:
        """Select the figure, and the baseline: the declared one, else the figure of its year."""
        declared = site_facts(window.given(stated))
        return AgainstBaselineInputs(
            figure=single(window.given(now)),
            stated=declared,
            baseline_year=site_facts(window.given(YEAR)),
            measured=single(window.given(then)) if all(one.value is None for one in declared) else None,
        )

    def compute(inputs: AgainstBaselineInputs) -> Outcome:
        """Compare both years."""
        return compared(
            AgainstBaseline(inputs.figure, inputs.stated, stated.name, inputs.baseline_year, inputs.measured)
        )

    return against_baseline(
        name=name,
        title=title,
        unit=unit,
        definition=f"{definition} {WHOLE_YEARS}",
        formula=f"baseline - {kpi}{', over baseline' if unit == '%' else ''}; baseline = {stated.name}, else {kpi} of "
        "baseline_year",
        citation=citation,
        frameworks=frameworks,
        boundary=boundary,
        inputs_model=AgainstBaselineInputs,
        inputs=inputs,
        compute=compute,
        of_sites=of_sites,
        ports=(now, stated, YEAR, then),
    )


against_baseline: Final = partial(
    Indicator,
    better=Better.HIGHER,
    periods=(Period.YEAR,),
    closed_only=True,
    limits=StatusLimits(reason="a difference: its width is held against the whole baseline"),
)
"""What comparisons with the baseline year share."""
