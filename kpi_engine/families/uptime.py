"""Uptime of charging points by rules of law, which differ: each is a policy with a name, a version and its source.

Minutes, as the rules have them. What a rule says stands in the inputs of a figure, so that it recomputes by it.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from math import fsum
from typing import Final, Self

from pydantic import Field, model_validator

from ingest.model.sentences import Sentence
from ingest.wording import first_of
from kpi_engine.families.point_states import NO_POINT, OUT_OF_ORDER
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.formulas.time_share import covered
from kpi_engine.indicator import Better, Entry, Indicator, Inputs, Months, Outcome
from kpi_engine.ports.facts import FactOf, Facts
from kpi_engine.ports.states import DeviceStates

PERCENT: Final = 100.0
NO_POWER: Final = Sentence("the city file states no rated_power of {names}: left out")
NONE_LARGE: Final = Sentence("no charging point of {power} kW or more tells its status")
UNKNOWN: Final = Sentence("the status of {names} is unknown for some of the time")
COUNTED_UP: Final = Sentence("the status of {names} is unknown for some of the time and counts as up")
MINUTE: Final = 60.0  # seconds
EXCLUDED: Final = Facts("excluded_outage", "percent", FactOf.DEVICES, ("charging_point",))
_NAMED: Final = 3
Longest = Field(default=0.0, ge=0, le=1e9)


class UptimeRule(Entry):
    """A rule: in which states a point is ``down``, whether a state that nobody knows counts as up, what is demanded.

    ``least_power_kw``: it speaks of points of so much rated power. ``must_reach``: the uptime [%] that it demands.
    """

    name: str
    version: str
    source: str
    down: tuple[str, ...]
    is_unknown_up: bool
    must_reach: float
    least_power_kw: float = Field(default=0.0, ge=0, le=1e9)


NEVI: Final = UptimeRule(
    name="NEVI",
    version="23 CFR 680.116(b), 2023",
    source="self-law.org, 23 CFR 680.116 (read; the end of the equation is cut off there)",
    down=OUT_OF_ORDER,
    is_unknown_up=False,
    must_reach=97.0,
)
UK: Final = UptimeRule(
    name="UK reliability",
    version="SI 2023/1168, regulation 7",
    source="legislation.gov.uk (read)",
    down=OUT_OF_ORDER,
    is_unknown_up=True,
    must_reach=99.0,
    least_power_kw=50.0,
)
RAPID: Final = Facts("rated_power", "kW", FactOf.DEVICES, ("charging_point",), least=UK.least_power_kw)


class PortTime(Entry):
    """Minutes of one port in a period: how many of outage, how many of those do not count, and of no known status."""

    port: str
    minutes: float = Field(gt=0, le=1e9)
    outage: float = Longest
    excluded: float = Longest
    unknown: float = Longest

    @model_validator(mode="after")
    def _within(self) -> Self:
        if self.outage + self.unknown > self.minutes * (1 + 1e-9):
            raise ValueError("expected outage and unknown status within the minutes of the port")
        return self

    @property
    def counted_outage(self) -> float:
        """The outage that counts."""
        return max(self.outage - self.excluded, 0.0)


class UptimeInputs(Inputs):
    """The ports of which a ``rule`` speaks; ``left_out``: those of which it is not known whether it does."""

    rule: UptimeRule
    ports: tuple[PortTime, ...]
    left_out: tuple[str, ...] = ()


def port_times(points: Sequence[DeviceStates], rule: UptimeRule, excluded: Mapping[str, float]) -> tuple[PortTime, ...]:
    """Return the minutes of each point; ``excluded``: minutes of outage that do not count, where any are declared."""
    return tuple(
        PortTime(
            port=one.device,
            minutes=one.seconds / MINUTE,
            outage=one.within(*rule.down) / MINUTE,
            excluded=min(excluded.get(one.device, 0.0), one.within(*rule.down) / MINUTE),
            unknown=max(one.seconds - one.known, 0.0) / MINUTE,
        )
        for one in points
    )


def uptime(inputs: UptimeInputs) -> Outcome:
    """Return the uptime over all ports, sum over sum [%]."""
    ports, rule = inputs.ports, inputs.rule
    whole = fsum(one.minutes for one in ports)
    unknown, outage = fsum(one.unknown for one in ports), fsum(one.counted_outage for one in ports)
    share, why = covered([whole - unknown], [whole]), _reason(inputs)
    if not whole or unknown >= whole:
        return Outcome(None, share, None, why or NO_POINT)
    value = (whole - outage) / whole if rule.is_unknown_up else (whole - unknown - outage) / (whole - unknown)
    found = Bounded(value, (whole - unknown - outage) / whole, (whole - outage) / whole).with_value(value)
    return Outcome.of(found.scaled(PERCENT), share, reason=why)


def _reason(inputs: UptimeInputs) -> str | None:
    names = _named(one.port for one in inputs.ports if one.unknown > 1e-9)
    power = NO_POWER.of(names=_named(inputs.left_out)) if inputs.left_out else None
    least = inputs.rule.least_power_kw
    none = NONE_LARGE.of(power=f"{least:g}") if least and not inputs.ports else None
    counted = COUNTED_UP if inputs.rule.is_unknown_up else UNKNOWN
    unknown = counted.of(names=names) if names else None
    return "; ".join(filter(None, [none, unknown, power])) or None


def _named(names: Iterable[str]) -> str:
    return first_of(names, _NAMED)


uptime_indicator: Final = partial(
    Indicator,
    unit="%",
    inputs_model=UptimeInputs,
    compute=uptime,
    better=Better.HIGHER,
    months=Months.SIDE_BY_SIDE,
)
"""What uptimes by rules of law share."""
