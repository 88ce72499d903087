"""Devices that are silent, by the bounds of freshness."""

from datetime import timedelta
from typing import Final

from ingest.model.alarm import Limit, Rule, Severity, Silence
from ingest.model.freshness import LIVE_INTERVALS, SILENT_INTERVALS

RULES: Final = (
    Rule(
        name="silence",
        title="Device silent",
        severity=Severity.MINOR,
        device_types=(),
        measure=Silence(),
        unit="1",
        # Five minutes: after a start, devices that were not listened to have the time to be heard first.
        raised=Limit(SILENT_INTERVALS, timedelta(minutes=5)),
        cleared=Limit(LIVE_INTERVALS, intervals=3),
        says="nothing was heard on time for {value:.0f} expected intervals; {threshold:g} are allowed",
        rationale="Engineering judgement: the bounds of a device's state, ingest/model/freshness.py.",
    ),
)
