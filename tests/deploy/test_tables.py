"""What is printed is never cut: neither in a pipe nor on a narrow terminal."""

import io
import re

import pytest

from deploy import tables

LONG = "a-city-whose-name-is-as-long-as-sixty-three-characters-may-ever"
COUNT = "1,234,567,890,123"


class Terminal(io.StringIO):
    """A terminal that keeps what it was shown."""

    def isatty(self) -> bool:
        """Pretend to be one."""
        return True


def show() -> None:
    table = tables.table("city", "source", numbers=("received", "stored", "duplicate"), title="Readings")
    table.add_row(LONG, f"replay:{LONG}", COUNT, COUNT, "[0]")
    tables.show(table)


def test_in_a_pipe_every_cell_stays_on_its_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    show()
    (row,) = [line for line in capsys.readouterr().out.splitlines() if COUNT in line]
    assert f"replay:{LONG}" in row
    assert "[0]" in row


def test_on_a_narrow_terminal_a_cell_is_folded_and_nothing_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Terminal()
    monkeypatch.setattr("sys.stdout", shown)
    monkeypatch.setenv("COLUMNS", "60")
    show()
    text = re.sub(r"\x1b\[[\d;]*m", "", shown.getvalue())
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= 60
    digits = "".join(line.split("│")[3].strip() for line in text.splitlines() if line.startswith("│"))
    assert digits == COUNT


@pytest.mark.parametrize(
    ("share", "shown"),
    [(1.0, "100.0%"), (0.9999, "99.9%"), (0.95, "95.0%"), (0.57, "57.0%"), (1e-9, "0.0%"), (1.002, "100.2%")],
)
def test_a_share_with_a_gap_never_looks_whole(share: float, shown: str) -> None:
    assert tables.percent(share) == shown


def test_numbers_are_shown_without_what_converting_units_left() -> None:
    sent = {12417.032 * 0.001: "12.417032", 5_512_340.25: "5512340.25", 20.0: "20", 0.1 + 0.2: "0.3", -0.5: "-0.5"}
    assert {value: tables.number(value) for value in sent} == sent
    every_digit = 20.056986598718787  # that a sensor sent: none of them is of a conversion
    assert tables.number(every_digit) == repr(every_digit)
    for thousandths in range(1, 20_000, 7):  # what was sent in Wh is shown as it would be in kWh
        watt_hours = thousandths / 1000
        assert float(tables.number(watt_hours * 0.001)) == float(f"{thousandths}e-6")
