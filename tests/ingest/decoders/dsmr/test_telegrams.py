"""Telegrams of port P1: the checksum, and what a telegram cannot be."""

import pytest

from ingest.decoders import dsmr
from ingest.errors import DecodeError, OverLimitError
from ingest.limits import PayloadLimits
from ingest.reasons import Reason


def telegram(*lines: str) -> bytes:
    """Return a telegram of these lines with its checksum."""
    text = "\r\n".join(("/KFM5KAIFA-METER", "", *lines, "!")).encode()
    return text + f"{dsmr.crc16(text):04X}\r\n".encode()


def test_the_checksum_is_crc16_of_the_polynomial_that_the_standard_names() -> None:
    assert dsmr.crc16(b"123456789") == 0xBB3D


def test_a_value_that_is_given_twice_is_told_and_the_first_is_kept() -> None:
    (sample,) = dsmr.decode(telegram("1-0:1.8.0(000001.000*kWh)", "1-0:1.8.0(000002.000*kWh)"))
    assert sample.values == {"1-0:1.8.0": 1.0}
    assert [(flaw.reason, flaw.field) for flaw in sample.flaws] == [(Reason.DUPLICATE_KEY, "1-0:1.8.0")]


def test_tariffs_in_different_units_have_no_sum() -> None:
    (sample,) = dsmr.decode(telegram("1-0:1.8.1(000001.000*kWh)", "1-0:1.8.2(000002.000*MWh)"))
    assert "1-0:1.8.0" not in sample.values


def test_a_total_that_the_meter_tells_is_not_computed() -> None:
    lines = ("1-0:1.8.0(000004.000*kWh)", "1-0:1.8.1(000001.000*kWh)", "1-0:1.8.2(000002.000*kWh)")
    (sample,) = dsmr.decode(telegram(*lines))
    assert sample.values["1-0:1.8.0"] == 4.0


@pytest.mark.parametrize("lines", [(), ("hello",), ("1-0:1.8.0",)])
def test_a_telegram_without_values_is_refused(lines: tuple[str, ...]) -> None:
    with pytest.raises(DecodeError, match="expected lines of an OBIS code"):
        dsmr.decode(telegram(*lines))


def test_a_telegram_with_more_lines_than_a_message_may_hold_is_refused() -> None:
    with pytest.raises(OverLimitError):
        dsmr.decode(telegram("1-0:1.8.0(1*kWh)"), PayloadLimits(readings=2))
