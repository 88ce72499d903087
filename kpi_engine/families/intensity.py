"""Energy per what the city file states of its sites: floor area, light points. Sum over sum, no mean of ratios.

The denominator is the mean over the period of the sum over sites: a fact that changes within the period is weighted by
time, and a site whose meters came or went counts while they stood there. Energy in kWh.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import fsum
from typing import Final

from pydantic import Field

from ingest.wording import first_of
from kpi_engine.amounts import LARGEST, LONGEST, MeterAmounts, bounded, coverage, estimated_share, reason, total
from kpi_engine.energy import energy
from kpi_engine.indicator import Entry, Inputs, Outcome
from kpi_engine.ports.statistics import StatisticInput
from kpi_engine.window import FactSpan, Window

_NAMED: Final = 3  # sites spelt out before the rest is only counted


class SiteFact(Entry):
    """A fact of one site that held for ``seconds``; null, and ``missing`` says why, where none is stated."""

    site: str
    value: float | None = Field(ge=0, le=LARGEST)
    seconds: float = Field(ge=1e-6, le=LONGEST)
    missing: str | None = None


SiteFacts = tuple[SiteFact, ...]


def site_facts(spans: Iterable[FactSpan]) -> SiteFacts:
    """Select the facts of a window."""
    return tuple(
        SiteFact(site=span.site, value=span.value, seconds=(span.end - span.start) / 1e6, missing=span.missing)
        for span in spans
    )


class EnergyOverPeriod(Inputs):
    """Energy counted by each meter in kWh, and the period in seconds."""

    energy_kwh: MeterAmounts
    seconds: float = Field(ge=1e-6, le=LONGEST)

    def per(self, facts: SiteFacts, name: str) -> Outcome:
        """Return the energy over the mean of ``facts``, sum over sum; ``name`` is that of the facts."""
        return per([self.energy_kwh], facts, self.seconds, name)


def energy_over(window: Window, carrier: str) -> EnergyOverPeriod:
    """Select the energy registers of a carrier, and the length of the window."""
    return EnergyOverPeriod(energy_kwh=energy(window, carrier), seconds=window.seconds)


def per(energies: Sequence[MeterAmounts], facts: SiteFacts, seconds: float, name: str) -> Outcome:
    """Return the energy over the mean of ``facts`` in a period of ``seconds``; ``name`` is that of the facts."""
    counted, covered = total(*energies), coverage(*energies)
    whole = [fact.value * fact.seconds for fact in facts if fact.value is not None]
    lacking = unstated(facts, name)
    if counted is None or lacking:
        why = "; ".join(filter(None, [lacking, reason(*energies)]))
        return Outcome(None, covered, None, why)
    if fsum(whole) <= 0.0:
        return Outcome(None, covered, None, f"{name} is 0 in sum, and nothing can be divided by it")
    by = fsum(whole) / seconds
    found = bounded(*energies).scaled(1 / by).with_value(counted / by)
    return Outcome.of(found, covered, estimated_share(*energies), reason(*energies))


def outcome_per(whole: Outcome, facts: SiteFacts, seconds: float, name: str) -> Outcome:
    """Return an outcome divided by the mean of ``facts`` in a period of ``seconds``; ``name`` is that of the facts."""
    by = fsum(fact.value * fact.seconds for fact in facts if fact.value is not None) / seconds
    lacking = unstated(facts, name) or (f"{name} is 0 in sum, and nothing can be divided by it" if by <= 0.0 else None)
    if lacking:
        return Outcome(None, whole.coverage, None, "; ".join(filter(None, [lacking, whole.reason])))
    value, lower, upper = (None if end is None else end / by for end in (whole.value, whole.lower, whole.upper))
    scale = None if whole.scale is None else whole.scale / by
    return replace(whole, value=value, lower=lower, upper=upper, scale=scale)


def fact_or_statistic(spans: Sequence[FactSpan], statistic: StatisticInput, seconds: float) -> SiteFacts:
    """Select facts of the city file; where it states none at all, what was imported as a statistic of the same name."""
    if statistic.value is None or any(span.value is not None for span in spans):
        return site_facts(spans)
    return (SiteFact(site=statistic.statistic, value=statistic.value, seconds=seconds),)


def time_mean(facts: SiteFacts) -> float:
    """Return the mean over time of a fact of one owner; what is not stated counts as 0, so ask ``unstated`` before."""
    return fsum((one.value or 0.0) * one.seconds for one in facts) / fsum(one.seconds for one in facts)


def unstated(facts: SiteFacts, name: str) -> str | None:
    """Say of which sites the fact is not known."""
    if not facts:
        return f"{name} is given for no site"
    sentences = dict.fromkeys(f"{f.site}: {f.missing or f'{name} is not given'}" for f in facts if f.value is None)
    return first_of(sentences, _NAMED, "; ") or None
