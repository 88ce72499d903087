"""Volume-weighted temperatures from the registers of heat meters.

T = sum of dE8 (or dE9) / sum of dV over meters: sum over sum, never a mean of ratios, so water that stands still
weighs nothing. Volumes in m3, volume times temperature in m3.degC.
"""

from kpi_engine.amounts import MeterAmounts, coverage, estimated_share, reason, total
from kpi_engine.indicator import Outcome

CITATION = (
    "Volume-weighted temperature sum(V_i T_i) / sum(V_i), from the registers E8 (supply) and E9 (return) of "
    "Kamstrup MULTICAL heat meters as dE8/dV and dE9/dV; "
)


def volume_weighted(volume: MeterAmounts, *signed: tuple[float, MeterAmounts]) -> Outcome:
    """Return the sum of ``sign`` times volume-temperature over the volume; None where no water flowed."""
    lists = [volume, *(amounts for _, amounts in signed)]
    of_volume = total(volume)
    parts = [(sign, total(amounts)) for sign, amounts in signed]
    known = [sign * amount for sign, amount in parts if amount is not None]
    if of_volume is None or len(known) < len(parts):
        return Outcome(None, coverage(*lists), None, reason(*lists))
    if of_volume <= 0.0:
        return Outcome(None, coverage(*lists), None, "no water flowed: a volume of 0 m3 has no temperature")
    return Outcome(sum(known) / of_volume, coverage(*lists), estimated_share(volume))
