"""Register contracts: what may be assumed of a cumulative counter, and which meters stood behind it one after another.

A city file gives every number in the unit its series sends; ``in_unit`` brings it to the canonical one, in which it is
stored and used. What the rules come to on readings is in ``processors.steps.registers``.
"""

import json
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import Annotated, Final, Literal, Self

from pydantic import AwareDatetime, Field, TypeAdapter, model_validator

from ingest.model.declaration import Declaration
from ingest.model.units import Conversion

RULES: Final = 3  # raise it when the steps read a contract differently: everything it touches is computed again
GLITCH_READINGS: Final = 1_000

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Scope(StrEnum):
    """From when on a register counts."""

    LIFETIME = "lifetime"  # since the device was made
    SESSION = "session"  # since its session began: it starts from zero with each
    DAY = "day"  # since midnight, in the city's civil time


class RegisterContract(Declaration):
    """What the steps may assume of a cumulative counter; the default is a lifetime counter that may restart from zero.

    ``modulus``: the size at which it rolls over to zero. ``max_increase_per_hour``: more than it can count, so that
    a larger step is not believed. ``jitter``: how far it may fall back without having restarted, and without counting
    again on the way up; a lifetime counter that falls by less than a hundredth has not restarted in any case.
    ``glitch_readings``: a fall to zero of at most so many readings that returns to where it was did not happen; unless
    given, GLITCH_READINGS, and 0 where zero is how a session begins.
    """

    scope: Scope = Scope.LIFETIME
    on_decrease: Literal["reset_to_zero"] = "reset_to_zero"
    modulus: Positive | None = None
    max_increase_per_hour: Positive | None = None
    jitter: Amount = 0.0
    glitch_readings: Annotated[int, Field(ge=0, le=10_000)] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.modulus is not None and self.jitter >= self.modulus / 10:
            raise ValueError("expected a jitter far below the modulus, at most a tenth of it")
        if self.modulus is not None and self.scope is not Scope.LIFETIME:
            raise ValueError("expected a modulus with scope lifetime only: others start from zero by themselves")
        return self

    @property
    def longest_glitch(self) -> int:
        """The most readings at zero that can be a glitch."""
        if self.glitch_readings is not None:
            return self.glitch_readings
        return 0 if self.scope is Scope.SESSION else GLITCH_READINGS

    def in_unit(self, conversion: Conversion) -> "RegisterContract":
        """Return the contract with its amounts in another unit; differences know no offset."""
        amounts = {name: getattr(self, name) for name in ("modulus", "max_increase_per_hour", "jitter")}
        given = {name: amount * conversion.scale for name, amount in amounts.items() if amount}
        return self.model_copy(update=given | {"glitch_readings": self.longest_glitch})

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


class Replacement(Declaration):
    """At ``at`` the meter was replaced by another: what the old one read last and the new one first, by quantity.

    A quantity without ``closing`` or ``opening`` counted something nobody knows, which is not invented.
    """

    at: AwareDatetime
    serial_number: str | None = None
    closing: Mapping[str, Amount] = Field(default_factory=dict)
    opening: Mapping[str, Amount] = Field(default_factory=dict)


class Swap(Declaration):
    """A replacement as one register sees it, in the canonical unit; None where a reading is not known."""

    at: AwareDatetime
    closing: float | None = None
    opening: float | None = None


_SWAPS: Final = TypeAdapter(tuple[Swap, ...])


def read_stored(document: Mapping[str, object] | None) -> tuple[RegisterContract, tuple[Swap, ...]]:
    """Return the contract and the replacements of a register as the database keeps them."""
    given = {name: value for name, value in (document or {}).items() if name not in {"rules", "replacements"}}
    replacements = (document or {}).get("replacements", ())
    return RegisterContract.model_validate(given), _SWAPS.validate_python(replacements)


def swaps(replacements: tuple[Replacement, ...], quantity: str, conversion: Conversion) -> tuple[Swap, ...]:
    """Return what the replacements of a device mean for its register of ``quantity``."""

    def converted(value: float | None) -> float | None:
        return None if value is None else conversion(value)

    return tuple(
        Swap(at=one.at, closing=converted(one.closing.get(quantity)), opening=converted(one.opening.get(quantity)))
        for one in replacements
    )
