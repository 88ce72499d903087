"""What differs from an alarm rule at one device or site, as a city file declares it."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from ingest.model.alarm import Limit, Rule
from ingest.model.declarations.declaration import Declaration, Duration


class AlarmLimits(Declaration):
    """What differs from an alarm rule at one device or site, in the rule's unit; None: as the rule says."""

    enabled: bool = True
    threshold: Annotated[float, Field(allow_inf_nan=False)] | None = None
    clear_threshold: Annotated[float, Field(allow_inf_nan=False)] | None = None
    after: Duration | None = None
    clear_after: Duration | None = None

    def over(self, rule: Rule) -> Rule:
        """Return ``rule`` with what is declared here."""
        raised = _limited(rule.raised, self.threshold, self.after)
        return replace(rule, raised=raised, cleared=_limited(rule.cleared, self.clear_threshold, self.clear_after))


def _limited(limit: Limit, threshold: float | None, held: timedelta | None) -> Limit:
    if threshold is not None:
        limit = replace(limit, threshold=threshold)
    return limit if held is None else replace(limit, held=held, intervals=0)
