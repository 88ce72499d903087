"""Devices that are silent, by the bounds of freshness."""

from datetime import timedelta
from functools import partial
from typing import Final

from ingest.model.alarm import Limit, Rule, Severity, Silence, Widespread
from ingest.model.freshness import LIVE_INTERVALS, SILENT_INTERVALS

_of_any: Final = partial(Rule, device_types=(), unit="1")

RULES: Final = (
    _of_any(
        name="silence",
        title="Device silent",
        severity=Severity.MINOR,
        measure=Silence(),
        # Five minutes: after a start, devices that were not listened to have the time to be heard first.
        raised=Limit(SILENT_INTERVALS, timedelta(minutes=5)),
        cleared=Limit(LIVE_INTERVALS, intervals=3),
        message="nothing was heard on time for {value:.0f} expected intervals; {threshold:g} are allowed",
        rationale="Engineering judgement: the bounds of a device's state, ingest/model/freshness.py.",
    ),
    _of_any(
        name="city_silence",
        title="Most devices silent",
        severity=Severity.MAJOR,
        measure=Widespread(),
        raised=Limit(1, timedelta(minutes=2)),
        cleared=Limit(0, timedelta(minutes=1)),
        message="{value:.0f} devices of the city are silent, most of those that report as often: one cause is likely; "
        "look at broker, network and gateways first. It is listed with the first device of the city",
        rationale="Engineering judgement: of what half of a city has in common one is told, not each.",
    ),
)
