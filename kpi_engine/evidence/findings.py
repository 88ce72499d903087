"""What an indicator finds in a window, with all that is kept of it: for the figure, and for those that take it."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from kpi_engine.evidence.canonical_models import OtherKindError, written_model
from kpi_engine.evidence.figure_digest import canonical, digest_of, used_factors
from kpi_engine.indicator import Indicator, Inputs, Outcome
from kpi_engine.window import Window


@dataclass(frozen=True)
class Findings:
    """The outcome, the factors that were used, and the inputs as they are stored, with the digest of both.

    ``document``: those inputs as canonical JSON.
    """

    outcome: Outcome
    factors: list[dict[str, Any]]
    document: str
    inputs_hash: str


def findings(indicator: Indicator[Any], window: Window, inputs: Inputs) -> Findings:
    """Return what an indicator finds in ``inputs``, which were selected from a window."""
    factors, document = used_factors(window), document_of(inputs)
    digest = digest_of(document, factors, indicator.rule_version)
    return Findings(indicator.outcome(inputs), factors, document, digest)


def document_of(inputs: Inputs) -> str:
    """Return what is stored of inputs as canonical JSON; most can be written without making that first."""
    if type(inputs).stored is Inputs.stored:
        with suppress(OtherKindError):
            return written_model(inputs, {name: canonical(one) for name, one in inputs.digests().items()})
    return canonical(inputs.stored())
