"""What an indicator finds in a window, with all that is kept of it: for the figure, and for those that take it."""

from dataclasses import dataclass
from typing import Any

from kpi_engine.evidence.figure_digest import canonical, digest_of, used_factors
from kpi_engine.indicator import Indicator, Inputs, Outcome
from kpi_engine.window import Window


@dataclass(frozen=True)
class Findings:
    """The outcome, the factors that were used, and the inputs as they are stored, with the digest of both.

    ``document``: the inputs as canonical JSON.
    """

    outcome: Outcome
    factors: list[dict[str, Any]]
    stored: dict[str, Any]
    document: str
    inputs_hash: str


def findings(indicator: Indicator[Any], window: Window, inputs: Inputs) -> Findings:
    """Return what an indicator finds in ``inputs``, which were selected from a window."""
    factors, stored = used_factors(window), inputs.stored()
    document = canonical(stored)
    digest = digest_of(document, factors, indicator.rule_version)
    return Findings(indicator.outcome(inputs), factors, stored, document, digest)
