"""Register contracts: what may be assumed of a cumulative counter, and which meters stood behind it one after another.

A city file gives every number in the unit its series sends; ``in_unit`` brings it to the canonical one, in which it is
stored and used. What the rules come to on readings is in ``processors.steps.registers``.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from typing import Annotated, Final, Self

from pydantic import Field, TypeAdapter, model_validator

from ingest.model.city.dated import short_form, written_short
from ingest.model.city.validity import Validity
from ingest.model.declarations.declaration import Declaration, Duration, Instant
from ingest.model.quantities.units import Conversion
from ingest.model.succession import Succession
from ingest.model.time import from_micros, to_micros

RULES: Final = 5  # raise it when the steps read a contract differently: everything it touches is computed again
EXCURSION: Final = timedelta(days=2)

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Scope(StrEnum):
    """From when on a register counts."""

    LIFETIME = "lifetime"  # since the device was made
    SESSION = "session"  # since its session began: it starts from zero with each
    DAY = "day"  # since midnight, in the city's civil time


class Decrease(StrEnum):
    """What a fall of a register means."""

    DECIDE = "decide"  # whatever its readings on both sides make of it
    RESET_TO_ZERO = "reset_to_zero"  # every fall is a restart from zero, as counters of Prometheus are read
    NET = "net"  # the meter runs backwards while energy is fed in: an amount is a difference, of either sign


class RegisterContract(Declaration):
    """What the steps may assume of a cumulative counter; the default is a lifetime counter.

    ``on_decrease``: what a fall means; unless given, ``decide`` for a lifetime counter and ``reset_to_zero`` for the
    others. ``modulus``: the size at which it rolls over to zero. ``max_increase_per_hour``: more than it can count, so
    that a larger step is not believed, and what bounds the amounts that nobody read. ``jitter``: how far it may fall
    back without having restarted, and without counting again on the way up. ``longest_excursion``: readings that leave
    the line and return to it within that time did not happen (``processors.steps.excursions``). ``glitch_readings``: at
    most so many of them, 0 none; unless given, however many.
    """

    scope: Scope = Scope.LIFETIME
    on_decrease: Decrease | None = None
    modulus: Positive | None = None
    max_increase_per_hour: Positive | None = None
    jitter: Amount = 0.0
    longest_excursion: Duration = EXCURSION
    glitch_readings: Annotated[int, Field(ge=0, le=10_000)] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.modulus is not None and self.jitter >= self.modulus / 10:
            raise ValueError("expected a jitter far below the modulus, at most a tenth of it")
        if self.modulus is not None and self.scope is not Scope.LIFETIME:
            raise ValueError("expected a modulus with scope lifetime only: others start from zero by themselves")
        if self.on_decrease is Decrease.NET and (self.scope is not Scope.LIFETIME or self.modulus is not None):
            raise ValueError("expected on_decrease net with scope lifetime and without a modulus: it may run backwards")
        return self

    @property
    def decrease(self) -> Decrease:
        """What a fall means."""
        if self.on_decrease is not None:
            return self.on_decrease
        return Decrease.RESET_TO_ZERO if self.scope is Scope.SESSION else Decrease.DECIDE

    def in_unit(self, conversion: Conversion) -> "RegisterContract":
        """Return the contract with its amounts in another unit; differences know no offset."""
        amounts = {name: getattr(self, name) for name in ("modulus", "max_increase_per_hour", "jitter")}
        given = {name: amount * conversion.scale for name, amount in amounts.items() if amount}
        return self.model_copy(update=given)

    def stored(self) -> dict[str, object]:
        """Return the contract as the database keeps it, with the version of the rules that read it."""
        return {"rules": RULES, **self.model_dump(mode="json")}

    @property
    def digest(self) -> int:
        """A positive 31-bit number that stands for the contract and the rules on what is computed by them."""
        return _digest(self)


@lru_cache(maxsize=1024)
def _digest(contract: RegisterContract) -> int:
    text = json.dumps(contract.stored(), sort_keys=True)
    return int.from_bytes(sha256(text.encode()).digest()[:4], "big") % (2**31 - 1) + 1


class DatedContract(RegisterContract, Validity):
    """A register contract on its days, [valid_from, valid_to); on days that none is given for, the default holds."""

    @property
    def contract(self) -> RegisterContract:
        """The contract by itself."""
        return RegisterContract.model_validate(self.model_dump(exclude={"valid_from", "valid_to"}))


DatedContracts = Annotated[tuple[DatedContract, ...], short_form(None), written_short(None)]


class Replacement(Declaration):
    """At ``at`` the meter was replaced by another: what the old one read last and the new one first, by quantity.

    A quantity without ``closing`` or ``opening`` counted something nobody knows, which is not invented.
    """

    at: Instant
    serial_number: str | None = None
    closing: Mapping[str, Amount] = Field(default_factory=dict)
    opening: Mapping[str, Amount] = Field(default_factory=dict)


class Swap(Declaration):
    """A replacement as one register sees it, in the canonical unit; None where a reading is not known."""

    at: Instant
    closing: float | None = None
    opening: float | None = None


class _Later(Declaration):
    """A contract that took the place of another one at ``since``."""

    since: Instant
    contract: RegisterContract


_SWAPS: Final = TypeAdapter(tuple[Swap, ...])
_LATER: Final = TypeAdapter(tuple[_Later, ...])
_BESIDE: Final = frozenset({"rules", "replacements", "later"})


def stored(contracts: Succession[RegisterContract], replaced: tuple[Swap, ...]) -> dict[str, object]:
    """Return what decides how a register is read as the database keeps it."""
    later = [_Later(since=from_micros(since), contract=contract) for since, contract in contracts.later]
    beside = {"replacements": replaced, "later": later}
    return contracts.first.stored() | {
        name: [one.model_dump(mode="json") for one in every] for name, every in beside.items() if every
    }


def read_stored(document: Mapping[str, object] | None) -> tuple[Succession[RegisterContract], tuple[Swap, ...]]:
    """Return the contracts and the replacements of a register as the database keeps them."""
    given = document or {}
    first = RegisterContract.model_validate({name: value for name, value in given.items() if name not in _BESIDE})
    later = tuple((to_micros(one.since), one.contract) for one in _LATER.validate_python(given.get("later", ())))
    return Succession(first, later), _SWAPS.validate_python(given.get("replacements", ()))


def swaps(
    replacements: tuple[Replacement, ...], quantity: str, conversions: Succession[Conversion]
) -> tuple[Swap, ...]:
    """Return what the replacements of a device mean for its register of ``quantity``.

    The old meter's last reading is in the unit declared until then, the new one's first in the unit declared since.
    """

    def converted(value: float | None, instant: int) -> float | None:
        return None if value is None else conversions.at(instant)(value)

    return tuple(
        Swap(
            at=one.at,
            closing=converted(one.closing.get(quantity), to_micros(one.at) - 1),
            opening=converted(one.opening.get(quantity), to_micros(one.at)),
        )
        for one in replacements
    )


def rescoped(contracts: Succession[RegisterContract]) -> tuple[Swap, ...]:
    """Return where a register began to count since something else: what was counted across that is not known.

    A register that begins to count by the day does so at midnight, as on every other day.
    """
    scopes = [contract.scope for contract in contracts.values]
    changes = zip(contracts.later, pairwise(scopes), strict=True)
    return tuple(
        Swap(at=from_micros(since))
        for (since, contract), (before, after) in changes
        if before is not after and contract.scope is not Scope.DAY
    )
