"""Energy per what the city file states of its sites: floor area, light points. Sum over sum, no mean of ratios.

The denominator is the mean over the period of the sum over sites: a fact that changes within the period is weighted by
time, and a site whose meters came or went counts while they stood there. Energy in kWh.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from math import fsum
from typing import Annotated, Any, Final, TypeAlias

import numpy as np
from pydantic import Field, GetCoreSchemaHandler, SerializationInfo, SerializerFunctionWrapHandler
from pydantic_core import CoreSchema, core_schema

from ingest.model.columns import RowsOnDemand
from ingest.model.sentences import Sentence
from ingest.wording import first_of
from kpi_engine.boundary.final_energy import energy
from kpi_engine.evidence.amounts import (
    LARGEST,
    LONGEST,
    MeterAmounts,
    bounded,
    coverage,
    estimated_share,
    reason,
    total,
)
from kpi_engine.evidence.canonical_models import WrittenColumns, written_columns
from kpi_engine.indicator import DIGESTS, MANY, Entry, Inputs, Outcome
from kpi_engine.ports.fact_columns import ManyFacts
from kpi_engine.ports.statistics import StatisticInput
from kpi_engine.window import FactSpan, Window
from processors.steps.columns import Floats

NOTHING_IN_SUM: Final = Sentence("{fact} is 0 in sum, and nothing can be divided by it")
_NAMED: Final = 3  # sites spelt out before the rest is only counted
UNSTATED: Final = Sentence("{fact} is not given")


class SiteFact(Entry):
    """A fact of one site that held for ``seconds``; null, and ``missing`` says why, where none is stated."""

    site: str
    value: float | None = Field(ge=0, le=LARGEST)
    seconds: float = Field(ge=1e-6, le=LONGEST)
    missing: str | None = None


class SiteFactColumns(RowsOnDemand[SiteFact], WrittenColumns):
    """Facts of many sites, each of them known all the time; one becomes an object when it is looked at."""

    def __init__(self, facts: ManyFacts) -> None:
        self._facts = facts
        self.seconds = (facts.end - facts.start) / 1e6

    def __len__(self) -> int:
        return len(self._facts)

    def at(self, place: int) -> SiteFact:
        """Return the fact at a place."""
        value = self._facts.values[place].item()
        return SiteFact(site=self._facts.owners[place], value=value, seconds=self.seconds)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    @cached_property
    def weighted(self) -> Sequence[float]:
        """Each value times its seconds."""
        found: list[float] = (self._facts.values * self.seconds).tolist()
        return found

    def written(self) -> str:
        """Return the facts as canonical JSON."""
        return written_columns(
            SiteFact,
            {
                "site": self._facts.owners,
                "value": self._facts.values.astype(np.float64).tolist(),
                "seconds": [self.seconds] * len(self),
            },
        )

    @property
    def digest(self) -> dict[str, Any]:
        """What is kept of them with a figure."""
        return _digest(self._facts.owners, self._facts.values, np.full(len(self), self.seconds), {})


class _Facts:
    """Facts as they come: a tuple of few, columns of many, and with a figure a digest of more than MANY."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        facts = handler(tuple[SiteFact, ...])
        columns = core_schema.is_instance_schema(SiteFactColumns)
        return core_schema.json_or_python_schema(
            json_schema=facts,
            python_schema=core_schema.union_schema([columns, facts], mode="left_to_right"),
            serialization=core_schema.wrap_serializer_function_ser_schema(_stored, info_arg=True, schema=facts),
        )


def _stored(facts: Sequence[SiteFact], dump: SerializerFunctionWrapHandler, info: SerializationInfo) -> Any:  # noqa: ANN401
    if info.context is not DIGESTS or len(facts) <= MANY:
        return dump(tuple(facts))
    if isinstance(facts, SiteFactColumns):
        return facts.digest
    values = np.array([np.nan if one.value is None else one.value for one in facts])
    missing = {place: one.missing for place, one in enumerate(facts) if one.missing is not None}
    return _digest([one.site for one in facts], values, np.array([one.seconds for one in facts]), missing)


def _digest(sites: Sequence[str], values: Floats, seconds: Floats, missing: Mapping[int, str]) -> dict[str, Any]:
    """Return what is kept of many facts: how many, the sum of value times seconds, and a SHA-256 of all."""
    whole = sha256("\n".join(sites).encode())
    whole.update(np.stack([values, seconds]).astype("<f8").tobytes())
    whole.update("\n".join(f"{place} {sentence}" for place, sentence in missing.items()).encode())
    is_known = ~np.isnan(values)
    return {
        "facts": len(sites),
        "not_known": int((~is_known).sum()),
        "value_seconds": fsum((values * seconds)[is_known].tolist()),
        "sha256": whole.hexdigest(),
    }


SiteFacts: TypeAlias = Annotated[Sequence[SiteFact], _Facts]


def site_facts(spans: Sequence[FactSpan]) -> SiteFacts:
    """Select the facts of a window."""
    if isinstance(spans, ManyFacts) and np.all((spans.values >= 0.0) & (spans.values <= LARGEST)):
        return SiteFactColumns(spans)
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
    whole = _weighted(facts)
    lacking = unstated(facts, name)
    if counted is None or lacking:
        why = "; ".join(filter(None, [lacking, reason(*energies)]))
        return Outcome(None, covered, None, why)
    if fsum(whole) <= 0.0:
        return Outcome(None, covered, None, NOTHING_IN_SUM.of(fact=name))
    by = fsum(whole) / seconds
    found = bounded(*energies).scaled(1 / by).with_value(counted / by)
    return Outcome.of(found, covered, estimated_share(*energies), reason(*energies))


def outcome_per(whole: Outcome, facts: SiteFacts, seconds: float, name: str) -> Outcome:
    """Return an outcome divided by the mean of ``facts`` in a period of ``seconds``; ``name`` is that of the facts."""
    by = fsum(_weighted(facts)) / seconds
    lacking = unstated(facts, name) or (NOTHING_IN_SUM.of(fact=name) if by <= 0.0 else None)
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
        return Sentence("{fact} is given for no site").of(fact=name)
    if isinstance(facts, SiteFactColumns):
        return None
    sentences = dict.fromkeys(f"{f.site}: {f.missing or UNSTATED.of(fact=name)}" for f in facts if f.value is None)
    return first_of(sentences, _NAMED, "; ") or None


def _weighted(facts: SiteFacts) -> Sequence[float]:
    """Return each value that is known times its seconds."""
    if isinstance(facts, SiteFactColumns):
        return facts.weighted
    return [fact.value * fact.seconds for fact in facts if fact.value is not None]
