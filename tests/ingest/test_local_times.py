"""Times without offset: placed by the zone of the device's clock, or told why nobody can."""

import pytest

from ingest.decoder import Sample
from ingest.local_times import instants, placed
from ingest.model.time import isoformat
from ingest.payloads import local
from ingest.reasons import Reason


@pytest.mark.parametrize(
    ("shown", "zone", "meant"),
    [
        ("2026-07-01T14:00:00", "Europe/Tallinn", ["2026-07-01T11:00:00Z"]),
        ("2026-12-01T14:00:00", "Europe/Tallinn", ["2026-12-01T12:00:00Z"]),
        ("2026-03-29T03:30:00", "Europe/Tallinn", []),
        ("2026-10-25T03:30:00", "Europe/Tallinn", ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]),
        ("2026-04-05T01:45:00", "Australia/Lord_Howe", ["2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"]),
        ("0001-01-01T00:00:00", "Asia/Kolkata", []),
        ("2026-07-01T14:00:00", "Etc/GMT-1", ["2026-07-01T13:00:00Z"]),
    ],
)
def test_a_clock_shows_a_time_at_no_one_or_two_instants(shown: str, zone: str, meant: list[str]) -> None:
    assert [isoformat(one) for one in instants(local.of_text(shown), zone)] == meant


def test_a_sample_gets_the_time_that_its_clock_means() -> None:
    sample = placed(_at("2026-12-01T14:00:00"), "meter", "Europe/Tallinn")
    assert (isoformat(sample.time or 0), sample.local) == ("2026-12-01T12:00:00Z", None)
    assert sample.values == {"heat_energy": 1.0, "flow": None}


@pytest.mark.parametrize(
    ("shown", "zone", "because"),
    [
        ("2026-12-01T14:00:00", None, "expected timezone: of meter in the city file"),
        ("2026-03-29T03:30:00", "Europe/Tallinn", "in Europe/Tallinn clocks skip it"),
        (
            "2026-10-25T03:30:00",
            "Europe/Tallinn",
            "in Europe/Tallinn clocks show it twice, and nothing says which is meant",
        ),
    ],
)
def test_what_nobody_can_place_is_refused_with_each_reading_counted(shown: str, zone: str | None, because: str) -> None:
    sample = placed(_at(shown), "meter", zone)
    assert not sample.values
    assert [(flaw.reason, flaw.readings, flaw.detail) for flaw in sample.flaws] == [
        (Reason.BAD_TIME, 1, f"the time {shown} has no offset; {because}")
    ]


def test_a_sample_without_readings_has_nothing_to_refuse() -> None:
    assert placed(Sample(None, {}, local=0), "meter", None).flaws == ()


def _at(shown: str) -> Sample:
    return Sample(None, {"heat_energy": 1.0, "flow": None}, local=local.of_text(shown))
