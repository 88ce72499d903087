"""Charging points that do not charge."""

from datetime import timedelta
from functools import partial
from typing import Final

from ingest.model.alarm import InState, Limit, Rule, Severity, Undelivered

_of_point: Final = partial(
    Rule, severity=Severity.MAJOR, device_types=("charging_point",), cleared=Limit(0.0, timedelta(minutes=1))
)

RULES: Final = (
    _of_point(
        name="charging_point_faulted",
        title="Charging point faulted",
        measure=InState("connector_status", ("Faulted",)),
        unit="1",
        raised=Limit(1.0),
        message="the charging point says that it is faulted",
        rationale="OCPP 1.6 (recalled): Faulted is an error that keeps the connector from charging. It is the point's "
        "own word, so nothing is waited for.",
        remedy="The error that its operator's system shows; then a reset from there; then residual-current device and "
        "cable on the spot.",
    ),
    _of_point(
        name="charging_not_delivering",
        title="Charging point delivers nothing",
        measure=Undelivered(),
        unit="h",
        raised=Limit(8.0),
        message="a vehicle has been plugged in for {value:.1f} h and got no energy at all; {threshold:g} h are allowed",
        rationale="Engineering judgement: vehicles that wait for a cheap tariff of the night begin within 8 hours. One "
        "that is full was delivered to, and is no fault.",
        remedy="Whether the session was authorised and load management holds it back; then another vehicle at the same "
        "point; then its meter, which may have stopped.",
    ),
)
