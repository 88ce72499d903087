"""What sums tell of the few: whether sums and differences of figures single out fewer households than the minimum.

A figure is the sum of its parts. Whoever has several figures has all that can be made of them by adding, subtracting
and multiplying; nothing of that may be of fewer than the minimum. Parts that are in the same figures always come
together, so they are one cell. With the large cells eliminated first, what remains is made of small cells alone: where
nothing remains, nothing can be told; where something does, each choice of small cells below the minimum is tried.

Pure. Threshold rule and complementary differencing of statistical disclosure control (Hundepool et al., Statistical
Disclosure Control, Wiley 2012, chapter 4; recalled). Numbers are those of the field of integers modulo a prime: rows of
zeros and ones of this size are dependent there where they are among fractions.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeVar

Column = tuple[str, int]
"""A part of a figure: whose it is, and on which stretch of days."""
Parts = frozenset[Column]
Vector = dict[int, int]
KeyT = TypeVar("KeyT", bound=Hashable)

PRIME: Final = 2**61 - 1
MOST_TRIED: Final = 20_000
"""Choices of cells; figures that would need more are taken to single somebody out."""


@dataclass(frozen=True)
class _Cells:
    """The cells of figures, those of many households first, and how many are of enough by themselves."""

    ordered: Sequence[Parts]
    weights: Mapping[str, int]
    minimum: int

    @classmethod
    def of(cls, cells: Iterable[Parts], weights: Mapping[str, int], minimum: int) -> "_Cells":
        """Return cells in their order."""

        def key(cell: Parts) -> tuple[int, list[Column]]:
            return -sum(weights[name] for name in {name for name, _ in cell}), sorted(cell)

        return cls(sorted(cells, key=key), weights, minimum)

    @cached_property
    def places(self) -> dict[Column, int]:
        """In which cell each part is."""
        return {part: number for number, cell in enumerate(self.ordered) for part in cell}

    @cached_property
    def large(self) -> int:
        """How many cells are of enough households."""
        return sum(not self.is_few(self.names(number)) for number in range(len(self.ordered)))

    def names(self, cell: int) -> frozenset[str]:
        """Return whose data a cell is."""
        return frozenset(name for name, _ in self.ordered[cell])

    def is_few(self, names: frozenset[str]) -> bool:
        """Whether these are fewer households than the minimum."""
        return sum(self.weights[name] for name in names) < self.minimum


@dataclass
class Shown:
    """Figures that are shown together, of ``cells`` that tell apart whatever any of them does."""

    cells: _Cells
    _pivots: dict[int, Vector] = field(default_factory=dict, init=False)

    def admit(self, figure: Parts) -> bool:
        """Show one more figure, unless it singles somebody out beside those that are shown; returns whether it is."""
        row = self._reduced({self.cells.places[part]: 1 for part in figure})
        if not row:
            return True
        if min(row) >= self.cells.large and self._singles_out([*self._small, row]):
            return False
        self._add(row)
        return True

    def add(self, figure: Parts) -> None:
        """Show a figure whatever it tells: somebody has seen it."""
        self._add(self._reduced({self.cells.places[part]: 1 for part in figure}))

    def _add(self, row: Vector) -> None:
        if row:
            self._pivots[min(row)] = _normalised(row)

    @property
    def _small(self) -> list[Vector]:
        """What remains of all that is shown in small cells alone."""
        return [row for leading, row in self._pivots.items() if leading >= self.cells.large]

    def _reduced(self, row: Vector) -> Vector:
        done = -1
        while ahead := [cell for cell in row if cell > done]:
            done = min(ahead)
            if pivot := self._pivots.get(done):
                row = _less(row, row[done], pivot)
        return row

    def _singles_out(self, rows: Sequence[Vector]) -> bool:
        """Whether a combination of ``rows`` has parts of fewer households than the minimum, and of no others.

        In the space of what no combination can have, cells depend on each other that can be had alone.
        """
        echelon = _solved(rows)
        cells = sorted({cell for row in echelon.values() for cell in row})
        against: dict[int, Vector] = {cell: {cell: 1} for cell in cells if cell not in echelon}
        for leading, row in echelon.items():
            against[leading] = {cell: -value % PRIME for cell, value in row.items() if cell != leading}
        return _Search(self.cells, against).finds(cells, {}, frozenset())


@dataclass
class _Search:
    """Looks for cells of few households that can be had alone; ``against``: by cell, its vector."""

    cells: _Cells
    against: Mapping[int, Vector]
    tried: int = 0

    def finds(self, ahead: Sequence[int], pivots: Mapping[int, Vector], names: frozenset[str]) -> bool:
        """Whether some of the cells ``ahead`` depend on each other or on ``pivots``, with few households in all."""
        for number, cell in enumerate(ahead):
            together = names | self.cells.names(cell)
            if not self.cells.is_few(together):
                continue
            self.tried += 1
            row = self.against[cell]
            for leading, pivot in pivots.items():
                row = _less(row, row.get(leading, 0), pivot)
            if not row or self.tried > MOST_TRIED:
                return True
            if self.finds(ahead[number + 1 :], {**pivots, min(row): _normalised(row)}, together):
                return True
        return False


def cells_of(figures: Iterable[Parts]) -> list[Parts]:
    """Return the parts of figures, those together that are in the same ones."""
    found: dict[Column, list[int]] = {}
    for number, figure in enumerate(figures):
        for part in figure:
            found.setdefault(part, []).append(number)
    cells: dict[tuple[int, ...], set[Column]] = {}
    for part, where in found.items():
        cells.setdefault(tuple(where), set()).add(part)
    return [frozenset(cell) for cell in cells.values()]


def visible(
    figures: Mapping[KeyT, Parts], weights: Mapping[str, int], minimum: int, seen: Sequence[Parts] = ()
) -> set[KeyT]:
    """Return which of ``figures`` may be shown together, the earlier ones before the later.

    ``seen``: what somebody has seen before, and can subtract.
    """
    shown = Shown(_Cells.of(cells_of([*seen, *figures.values()]), weights, minimum))
    for one in seen:
        shown.add(one)
    return {key for key, parts in figures.items() if shown.admit(parts)}


def least_telling(figures: Mapping[KeyT, Parts], weights: Mapping[str, int], minimum: int) -> list[KeyT]:
    """Return of figures that single somebody out the fewest that still do, in their order; empty where none do."""
    left = dict(figures)
    if len(visible(left, weights, minimum)) == len(left):
        return []
    for key in reversed(list(figures)):
        without = {one: parts for one, parts in left.items() if one != key}
        if len(visible(without, weights, minimum)) < len(without):
            left = without
    return list(left)


def _normalised(row: Vector) -> Vector:
    """Return a row whose first value is 1."""
    inverse = pow(row[min(row)], -1, PRIME)
    return {cell: value * inverse % PRIME for cell, value in row.items()}


def _less(row: Vector, factor: int, pivot: Vector) -> Vector:
    """Return ``row`` less ``factor`` times ``pivot``."""
    if not factor:
        return row
    found = dict(row)
    for cell, value in pivot.items():
        if left := (found.get(cell, 0) - factor * value) % PRIME:
            found[cell] = left
        else:
            found.pop(cell, None)
    return found


def _solved(rows: Sequence[Vector]) -> dict[int, Vector]:
    """Return independent rows by their leading cells, each of which is in one row alone."""
    solved: dict[int, Vector] = {}
    for given in rows:
        row = given
        for leading, pivot in solved.items():
            row = _less(row, row.get(leading, 0), pivot)
        if not row:
            continue
        leading, row = min(row), _normalised(row)
        solved = {one: _less(other, other.get(leading, 0), row) for one, other in solved.items()}
        solved[leading] = row
    return solved
