"""What of a lineage is seen of a figure with households behind it: their digest in place of what each of them sent."""

from typing import Final

from kpi_engine.api import kpis
from kpi_engine.api.access import Access
from kpi_engine.api.errors import WithheldError
from kpi_engine.figures.store import Lineage
from kpi_engine.privacy.shown_figures import ShownFigures
from kpi_engine.subjects.subject import SubjectName

WHY: Final = (
    "households are behind this figure; what each of them sent is for operators. inputs_hash is the digest of all of "
    "it: whoever holds the inputs can show that they are those of the figure"
)


def is_closed_off(access: Access, found: Lineage) -> bool:
    """Whether households are behind a figure, of which the caller sees none.

    Raises WithheldError for a figure that is not shown.
    """
    one = found.value
    shown = ShownFigures(access.viewing)
    if not shown.of([one]):
        raise WithheldError(shown.why or WHY)
    return access.viewing.has_households(SubjectName(one.city, one.site, one.group), one.kpi)


def closed_off(access: Access, found: Lineage) -> kpis.KpiLineage:
    """Return the lineage of a figure without its inputs and its former revisions."""
    shown = ShownFigures(access.viewing)
    value, current = shown.of([found.value]), shown.of([one for one in found.revisions if one.superseded_at is None])
    if found.value.superseded_at is not None:
        raise WithheldError(f"{found.value.kpi}: it is a former revision; {WHY}")
    return kpis.KpiLineage(
        value=kpis.KpiValue.model_validate(value[0]),
        inputs={},
        inputs_withheld=WHY,
        reproduces=None,
        revisions=[kpis.KpiValue.model_validate(one) for one in current],
    )
