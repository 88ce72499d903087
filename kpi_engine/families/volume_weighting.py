"""Volume-weighted temperatures from the registers of heat meters.

T = sum of dE8 (or dE9) / sum of dV over meters: sum over sum, never a mean of ratios, so water that stands still
weighs nothing. Volumes in m3, volume times temperature in m3.degC.
"""

from collections.abc import Sequence
from typing import Final

from ingest.model.quantities.carrier import CARRIERS
from ingest.model.sentences import Sentence
from kpi_engine.evidence.amounts import (
    MeterAmounts,
    amounts,
    bounded,
    chosen,
    coverage,
    estimated_share,
    names_of,
    reason,
    total,
    undeclared_of,
)
from kpi_engine.formulas.bounded import Bounded
from kpi_engine.indicator import Better, Indicator, Inputs, Needs, Outcome, Selection
from kpi_engine.window import Window

VOLUME: Final = "volume"
ENERGY: Final = CARRIERS["heat"].register
CITATION: Final = (
    "Volume-weighted temperature sum(V_i T_i) / sum(V_i), from the registers E8 (supply) and E9 (return) of "
    "Kamstrup MULTICAL heat meters as dE8/dV and dE9/dV; "
)
BOUNDARY: Final = "Consumers' heat meters that report the registers, primary side of their substations"


class TemperatureInputs(Inputs):
    """Volume in m3, and volume times temperature (E8 or E9) in m3.degC, counted by each meter.

    ``energy_kwh``: heat of each meter, where one lacks a register and is left out: how much that is.
    """

    volume_m3: MeterAmounts
    volume_temperature_m3_degc: MeterAmounts
    energy_kwh: MeterAmounts = ()


def needs(*products: str) -> Needs:
    """Return what a temperature from the registers ``products`` needs: those of heat meters, and their volume."""
    return Needs((Selection((VOLUME, *products), carrier="heat", beside=ENERGY),))


def energy(window: Window) -> MeterAmounts:
    """Select the heat of every meter, where one of them lacks a register; else nothing."""
    meters = window.beside()
    return amounts(meters, ENERGY, window.start, window.end) if meters else ()


def volume_weighted(volume: MeterAmounts, *signed: tuple[float, MeterAmounts], energy: MeterAmounts = ()) -> Outcome:
    """Return the sum of ``sign`` times volume-temperature over the volume; None where no water flowed.

    Meters that lack one of the registers are left out and named, with their share of the ``energy`` of all. What may or
    may not have flowed in the period had the temperatures of that time, so the bounds of the volume are those of the
    temperature.
    """
    signs = [sign for sign, _ in signed]
    lists, left_out = of_whole_meters([volume, *(amounts for _, amounts in signed)], energy)
    of_volume = total(lists[0])
    parts = [(sign, total(amounts)) for sign, amounts in zip(signs, lists[1:], strict=True)]
    known = [sign * amount for sign, amount in parts if amount is not None]
    if of_volume is None or len(known) < len(parts):
        return Outcome(None, coverage(*lists), None, "; ".join(filter(None, [reason(*lists), left_out])))
    if of_volume <= 0.0:
        return Outcome(
            None, coverage(*lists), None, Sentence("no water flowed: a volume of 0 m3 has no temperature").of()
        )
    value, share = sum(known) / of_volume, bounded(lists[0]).half_width / of_volume
    found = Bounded.exact(value).widened(share * abs(value))
    why = "; ".join(filter(None, [reason(*lists), left_out])) or None
    return Outcome.of(found, coverage(*lists), estimated_share(lists[0]), why)


def of_whole_meters(lists: Sequence[MeterAmounts], energy: MeterAmounts) -> tuple[list[MeterAmounts], str | None]:
    """Return the amounts of the meters that report every register, and who is left out with its share of ``energy``.

    Where no meter does, everything is returned as it is.
    """
    lacking = set().union(*map(undeclared_of, lists))
    whole = set(names_of(lists[0])) - lacking
    if not lacking or not whole:
        return list(lists), None
    return [chosen(one, [name in whole for name in names_of(one)]) for one in lists], _left_out(lacking, energy)


def _left_out(lacking: set[str], energy: MeterAmounts) -> str:
    """Say which meters are left out, and how much of the energy they are."""
    whole, theirs = total(energy), total(chosen(energy, [name in lacking for name in names_of(energy)]))
    share = "an unknown share" if theirs is None or not whole or whole < 0.0 else f"{theirs / whole:.1%}"
    return f"left out, since they do not report what it takes: {', '.join(sorted(lacking))} ({share} of the energy)"


def compute(inputs: TemperatureInputs) -> Outcome:
    """Return E8 or E9 over volume, sum over sum."""
    return volume_weighted(inputs.volume_m3, (1.0, inputs.volume_temperature_m3_degc), energy=inputs.energy_kwh)


def temperature(
    name: str, pipe: str, product: str, symbol: str, better: Better = Better.NEITHER
) -> Indicator[TemperatureInputs]:
    """Return the indicator of a pipe's temperature, from the register ``product`` that meters call ``symbol``."""

    def inputs(window: Window) -> TemperatureInputs:
        return TemperatureInputs(
            volume_m3=amounts(window.meters, VOLUME, window.start, window.end),
            volume_temperature_m3_degc=amounts(window.meters, product, window.start, window.end),
            energy_kwh=energy(window),
        )

    return Indicator(
        name=name,
        title=f"{pipe} temperature of heat, volume-weighted",
        unit="degC",
        definition=f"{pipe} temperature of heat [degC], weighted by the volume that flowed through consumers' meters.",
        formula=f"T = sum over meters of d{symbol} / sum over meters of dV",
        citation=CITATION + "EN 1434-1 (recalled)",
        frameworks=("EN 1434-1",),
        needs=needs(product),
        inputs_model=TemperatureInputs,
        inputs=inputs,
        compute=compute,
        better=better,
        boundary=BOUNDARY,
    )
