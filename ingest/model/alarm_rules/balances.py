"""Balances that do not close: submeters against their main meter, a network against its plants, heat against its water.

Of the newest hour that was known on time, in percent of what went in. What is left over at a main meter is also what
nobody submeters, so how much of it is wrong only a city file can say.
"""

from datetime import timedelta
from functools import partial
from typing import Final

from ingest.model.alarm import Imbalance, Limit, Rule, Severity
from ingest.model.quantities.carrier import BALANCED, Carrier

_DAY: Final = timedelta(days=1)
_HOURS: Final = timedelta(hours=6)  # a reading that came a little late moves an hour's amount to the next
_REGISTERS: Final = ("heat_energy", "volume", "volume_supply_temperature", "volume_return_temperature")


_in_percent: Final = partial(Rule, unit="percent")


def _submeters(carrier: Carrier) -> tuple[Rule, Rule]:
    of_main = partial(
        _in_percent, device_types=carrier.main_meters, measure=Imbalance(carrier.balance, (carrier.register,))
    )
    exceeding = of_main(
        name=f"{carrier.name}_submeters_exceed_main",
        title=f"Submeters count more {carrier.name} than their main meter",
        severity=Severity.MINOR,
        raised=Limit(-5.0, _HOURS),
        cleared=Limit(-1.0, _HOURS),
        message="in the last hour {value:.1f} percent was left over; below zero the submeters count more than goes in",
        rationale="Engineering judgement: two meters of class B differ by 2 percent, an hour by a reading at its rim.",
        remedy="Unit and factor of the submeters in the city file, then a submeter that hangs before the main meter or "
        "below another one, then the transformers of the main meter.",
    )
    missing = of_main(
        name=f"{carrier.name}_submeters_missing",
        title=f"Submeters count next to no {carrier.name}",
        severity=Severity.MINOR,
        raised=Limit(99.0, _DAY),
        cleared=Limit(95.0, _HOURS),
        message="in the last hour {value:.1f} percent of the main meter was in no submeter; {threshold:g} is the limit",
        rationale="Engineering judgement: that all submeters stand still is wrong anywhere. Where all is submetered, "
        "a city file sets the threshold to its losses, and one submeter that stands still is told.",
        remedy="Submeters that are silent or stand still, then what was built that has no submeter yet.",
    )
    return exceeding, missing


def _against_water(name: str, title: str, percent: float, reason: str) -> Rule:
    return _in_percent(
        name=name,
        title=title,
        severity=Severity.WARNING,
        device_types=("heat_meter",),
        measure=Imbalance("carried_heat_balance", _REGISTERS),
        raised=Limit(percent, _DAY),
        cleared=Limit(percent / 2, _HOURS),
        message="counted less carried is {value:+.1f} percent of what the water carried; {threshold:+g} is the limit",
        rationale=f"Engineering judgement: {reason}",
        remedy="Which of the meter's parts moved: compare flow and both temperatures with a neighbour's; then dirt in "
        "the flow sensor, then a temperature sensor, then when its verification ends.",
    )


RULES: Final = (
    *(rule for carrier in BALANCED for rule in _submeters(carrier)),
    _in_percent(
        name="network_delivers_more_than_supplied",
        title="A network delivers more heat than it gets",
        severity=Severity.MINOR,
        device_types=("heat_plant",),
        measure=Imbalance("network_heat_balance", ("heat_energy",)),
        raised=Limit(-5.0, _DAY),
        cleared=Limit(0.0, _HOURS),
        message="in the last hour {value:.1f} percent was left over; below zero more arrives than is supplied",
        rationale="Engineering judgement: water that is warm delivers for some hours, a day of it is a wrong meter.",
        remedy="A plant or a tie to another network that the city file does not know; then unit and factor of the "
        "meter of each plant.",
    ),
    _against_water(
        "heat_counted_too_low",
        "Heat meter counts less than its water carries",
        -10.0,
        "flow in the supply pipe explains 3 percent, class 3 of EN 1434 some more.",
    ),
    _against_water(
        "heat_counted_too_high",
        "Heat meter counts more than its water carries",
        10.0,
        "registers in whole units make single hours uncertain, not a day of them.",
    ),
)
