"""Figures of years and months as targets read them, what became of them, and how both are said. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ingest.model.sentences import Sentence
from kpi_engine.figures.status import number
from kpi_engine.formulas.bounded import Bounded

NO_FIGURE: Final = Sentence("{period} has no figure")

Figures = Mapping[tuple[int, int | None], "PeriodFigure"]  # by year, and month (None: of the year)


@dataclass(frozen=True)
class PeriodFigure:
    """The stored figure of a civil year, or of one of its months; ``is_whole``: computed to the end of the period."""

    year: int
    month: int | None
    amount: Bounded
    is_whole: bool
    reason: str | None = None
    value_id: int | None = None
    is_due: bool = False

    def lack(self, name: str) -> str | None:
        """Why it stands for nothing, of its period in words; None where it is whole and has a value."""
        if not self.is_whole:
            return Sentence("{period} is not computed to its end yet").of(period=name)
        if self.amount.value is None:
            why = self.reason or Sentence("its reason is not kept").of()
            return Sentence("{period} has no value ({why})").of(period=name, why=why)
        return None


@dataclass(frozen=True)
class MonthRevision:
    """By how much the figure of a month that had ended was revised, and why."""

    year: int
    month: int
    before: float
    after: float
    cause: str
    detail: str | None = None


def lack(figures: Figures, year: int, month: int | None = None) -> str | None:
    """Return in words why the figure of a year or month stands for nothing; None where it can be used."""
    name = f"{year}" if month is None else f"{year}-{month:02d}"
    found = figures.get((year, month))
    if found is None:
        return NO_FIGURE.of(period=name)
    return found.lack(name)


def amount(one: Bounded, unit: str) -> str:
    """Say an amount with its bounds, where these differ from it."""
    text = "nothing known" if one.value is None else number(one.value)
    lower, upper = one.published
    if lower is not None and upper is not None and (lower, upper) != (one.value, one.value):
        text += f" [{number(lower)}, {number(upper)}]"
    return text if unit == "1" else f"{text} {unit}"


def months(year: int, every: Sequence[int]) -> str:
    """Say months of a year: those in a row as from one to another."""
    rows: list[list[int]] = []
    for month in sorted(every):
        if rows and rows[-1][-1] == month - 1:
            rows[-1].append(month)
        else:
            rows.append([month])
    ends = [(f"{year}-{row[0]:02d}", f"{year}-{row[-1]:02d}") for row in rows]
    return ", ".join(first if first == last else f"{first} to {last}" for first, last in ends)
