"""Worked examples of indicators: a folder each with inputs, what must be made of them, and where that comes from."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

EXAMPLES: Final = Path(__file__).parent / "examples"


@dataclass(frozen=True)
class IndicatorExample:
    """One example: ``inputs`` as JSON, the ``expected`` figure, and its ``attribution``."""

    name: str
    inputs: dict[str, Any]
    expected: dict[str, Any]
    attribution: str


@cache
def _every() -> dict[str, tuple[IndicatorExample, ...]]:
    found: dict[str, tuple[IndicatorExample, ...]] = {}
    for folder in sorted(EXAMPLES.iterdir()):
        expected = json.loads((folder / "expected.json").read_text())
        kpi, attribution = expected.pop("kpi"), expected.pop("attribution")
        inputs = json.loads((folder / "inputs.json").read_text())
        found[kpi] = (*found.get(kpi, ()), IndicatorExample(folder.name, inputs, expected, attribution))
    return found


def examples_of(kpi: str) -> tuple[IndicatorExample, ...]:
    """Return every example of an indicator."""
    return _every().get(kpi, ())


def example_of(kpi: str) -> IndicatorExample | None:
    """Return the first example of an indicator that has a value; None where there is none."""
    return next((one for one in examples_of(kpi) if one.expected["value"] is not None), None)
