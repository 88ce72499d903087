"""Devices that are silent, by the bounds of freshness."""

from datetime import timedelta
from functools import partial
from typing import Final

from ingest.model.alarm import Limit, Rule, Severity, SharedBy, Silence, Widespread
from ingest.model.freshness import LIVE_INTERVALS, SILENT_INTERVALS

_of_any: Final = partial(Rule, device_types=(), unit="1")

_FOR_TWO_MINUTES: Final = Limit(1, timedelta(minutes=2))
_FOR_A_MINUTE: Final = Limit(0, timedelta(minutes=1))

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
        remedy="Its power and its connection; then the page Inbox, where messages of it may be refused; then its "
        "credential, which may have been revoked.",
    ),
    _of_any(
        name="city_silence",
        title="Most devices silent",
        severity=Severity.MAJOR,
        measure=Widespread(),
        raised=_FOR_TWO_MINUTES,
        cleared=_FOR_A_MINUTE,
        message="{value:.0f} devices of {place} are silent, most of those that report as often: one cause is likely; "
        "look at broker, network and gateways first. It is listed with the first device of the city",
        rationale="Engineering judgement: of what half of a city has in common one is told, not each.",
        remedy="The page Pipeline and `pharos status`: whether messages arrive at all; then the broker and the line to "
        "it; then what the silent devices have in common, in the list of them.",
    ),
    _of_any(
        name="gateway_silence",
        title="Devices of one gateway silent",
        severity=Severity.MAJOR,
        measure=Widespread(SharedBy.GATEWAY),
        raised=_FOR_TWO_MINUTES,
        cleared=_FOR_A_MINUTE,
        message="{value:.0f} devices that speak through {place} are silent, nearly all that report as often: look at "
        "it and at its connection first. It is listed with the first of its devices",
        rationale="Engineering judgement: a gateway that works hears more than a tenth of its devices.",
        remedy="Whether the gateway, or the service that is asked, has power, a line and a valid credential; then "
        "whether its format changed: refused messages are on the page Inbox.",
    ),
    _of_any(
        name="site_silence",
        title="Devices of one site silent",
        severity=Severity.MAJOR,
        measure=Widespread(SharedBy.SITE),
        raised=_FOR_TWO_MINUTES,
        cleared=_FOR_A_MINUTE,
        message="{value:.0f} devices of {place} are silent, nearly all that report as often: look at its power and "
        "its connection first. It is listed with the first device of the site",
        rationale="Engineering judgement: what is silent together in one place has its power or its line in common.",
        remedy="The power of the site, its router or modem and its contract; then whether works go on there.",
    ),
)
