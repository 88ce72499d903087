"""Amounts of many meters in columns: the same sums as of entries one by one, and an entry only when it is looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from math import inf
from typing import Final

import numpy as np
import numpy.typing as npt

from ingest.model.columns import RowsMadeOnce
from kpi_engine.evidence.amount_entry import NO_AMOUNT, OF_METER, UNDECLARED, MeterAmount
from kpi_engine.evidence.canonical_models import WrittenColumns, written_columns
from kpi_engine.formulas.exact_sum import exact_parts
from processors.steps.columns import Floats, Ints, Mask, present

NUMBERS: Final = (
    "amount", "lower", "upper", "filled", "estimated", "seconds", "covered_seconds", "interpolated_seconds",
    "estimated_seconds", "longest_gap_seconds",
)  # fmt: skip
_ROW: Final = {name: row for row, name in enumerate(NUMBERS)}
_DEFAULTS: Final[Mapping[str, float | None]] = {
    name: one.default for name, one in MeterAmount.model_fields.items() if name in NUMBERS and not one.is_required()
}

Parts = tuple[float, ...]


@dataclass(frozen=True)
class ExactSums:
    """The sums over a list, each as numbers that are added up with those of other lists and rounded once."""

    not_known: int
    amount: Parts
    lower: Parts
    upper: Parts
    estimated: Parts
    seconds: Parts
    covered_seconds: Parts


@dataclass(frozen=True, eq=False, repr=False)
class EntryColumns(RowsMadeOnce[MeterAmount], WrittenColumns):
    """Entries of meters: ``numbers`` has a row for each of NUMBERS, NaN for null; ``missing`` by place, where said."""

    meters: tuple[str, ...]
    numbers: Floats
    is_open: Mask
    missing: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Sequence[MeterAmount]) -> "EntryColumns":
        """Return entries in columns."""
        if isinstance(entries, EntryColumns):
            return entries
        rows = [[getattr(one, name) for name in NUMBERS] for one in entries]
        return cls(
            tuple(one.meter for one in entries),
            np.array(rows, np.float64).reshape(len(entries), len(NUMBERS)).T,
            np.array([one.is_open for one in entries], np.bool_),
            {place: one.missing for place, one in enumerate(entries) if one.missing is not None},
        )

    def column(self, name: str) -> Floats:
        """Return one of NUMBERS of every meter, NaN for null."""
        found: Floats = self.numbers[_ROW[name]]
        return found

    def __len__(self) -> int:
        return len(self.meters)

    def __repr__(self) -> str:
        return f"EntryColumns({len(self)} meters)"

    def take(self, places: Ints) -> "EntryColumns":
        """Return the entries at ``places``, in their order."""
        new = {old: place for place, old in enumerate(places.tolist())}
        return EntryColumns(
            tuple(self.meters[place] for place in places.tolist()),
            self.numbers[:, places],
            self.is_open[places],
            {new[place]: sentence for place, sentence in self.missing.items() if place in new},
        )

    def replaced(self, entries: Mapping[int, MeterAmount]) -> "EntryColumns":
        """Return the list with other entries at some places."""
        if not entries:
            return self
        other, places = EntryColumns.of(list(entries.values())), np.array(list(entries), np.int64)
        numbers, is_open = self.numbers.copy(), self.is_open.copy()
        numbers[:, places], is_open[places] = other.numbers, other.is_open
        missing = {place: sentence for place, sentence in self.missing.items() if place not in entries}
        missing |= {place: one.missing for place, one in entries.items() if one.missing is not None}
        return EntryColumns(self.meters, numbers, is_open, dict(sorted(missing.items())))

    @cached_property
    def undeclared(self) -> list[int]:
        """The places of meters that do not report the quantity at all."""
        return [
            place for place, sentence in self.missing.items() if sentence.startswith(UNDECLARED) and self._lacks[place]
        ]

    @cached_property
    def sentences(self) -> list[str]:
        """What is missing of which meter, those without an amount first."""
        places = {
            *np.flatnonzero(self._lacks).tolist(),
            *(place for place, sentence in self.missing.items() if sentence),
        }
        first = sorted(places, key=lambda place: (not self._lacks[place], place))
        return [OF_METER.of(meter=self.meters[place], why=self.missing.get(place) or NO_AMOUNT.of()) for place in first]

    @cached_property
    def bounds(self) -> tuple[Floats, Floats]:
        """Between what each amount lies, infinite where nothing bounds it."""
        amount, lower, upper = (self.column(name) for name in ("amount", "lower", "upper"))
        is_exact = ~self._lacks & np.isnan(lower) & np.isnan(upper) & ~self.is_open
        low, high = np.where(np.isnan(lower), -inf, lower), np.where(np.isnan(upper), inf, upper)
        return np.where(is_exact, amount, np.fmin(low, amount)), np.where(is_exact, amount, np.fmax(high, amount))

    @cached_property
    def sums(self) -> ExactSums:
        """The exact sums over all meters; of the amounts, over those that are known."""
        lower, upper = self.bounds
        amount = self.column("amount")
        is_exact = np.array_equal(lower, amount) and np.array_equal(upper, amount)
        whole = exact_parts(amount[~self._lacks].tolist())
        return ExactSums(
            int(self._lacks.sum()),
            whole,
            whole if is_exact else exact_parts(lower.tolist()),
            whole if is_exact else exact_parts(upper.tolist()),
            *(exact_parts(self.column(name).tolist()) for name in ("estimated", "seconds", "covered_seconds")),
        )

    @cached_property
    def sha256(self) -> str:
        """Names the whole list: the meters, the numbers of NUMBERS, one after the other, what is open, what is said."""
        numbers = np.where(np.isnan(self.numbers), np.nan, self.numbers)
        found = sha256("\n".join(self.meters).encode())
        found.update(numbers.astype("<f8").tobytes())
        found.update(self.is_open.tobytes())
        found.update("\n".join(f"{place} {sentence}" for place, sentence in sorted(self.missing.items())).encode())
        return found.hexdigest()

    def written(self) -> str:
        """Return the entries as canonical JSON, made once however many figures hold them."""
        return self._written

    @cached_property
    def _written(self) -> str:
        told: dict[str, Sequence[object]] = {"meter": self.meters}
        told |= {name: present(self.column(name)) for name in NUMBERS if not self._is_default(name)}
        if self.is_open.any():
            told["is_open"] = self.is_open.tolist()
        if self.missing:
            told["missing"] = [self.missing.get(place) for place in range(len(self))]
        return written_columns(MeterAmount, told)

    def _is_default(self, name: str) -> bool:
        """Whether one of NUMBERS is of every meter what it is where nothing is said of it."""
        if name not in _DEFAULTS:
            return False
        column, default = self.column(name), _DEFAULTS[name]
        return bool(np.all(np.isnan(column) if default is None else column == default))

    @property
    def _lacks(self) -> npt.NDArray[np.bool_]:
        return np.isnan(self.column("amount"))

    @cached_property
    def rows(self) -> tuple[MeterAmount, ...]:
        """The entries."""
        rows = zip(*(present(self.column(name)) for name in NUMBERS), strict=True)
        every = zip(self.meters, self.is_open.tolist(), rows, strict=True)
        return tuple(
            MeterAmount(
                meter=meter,
                is_open=is_open,
                missing=self.missing.get(place),
                **dict(zip(NUMBERS, row, strict=True)),
            )
            for place, (meter, is_open, row) in enumerate(every)
        )
