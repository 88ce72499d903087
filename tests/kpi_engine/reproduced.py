"""Figures computed again from what stands behind them: the same to the last bit, whatever their indicator reads."""

import json
from collections.abc import Collection
from typing import Final

from ingest.model.calendar import Period
from kpi_engine.engine import reload_inputs
from kpi_engine.figures import store
from kpi_engine.figures.status import publication
from kpi_engine.indicators import indicator
from processors.storage.database import Connection

CURRENT: Final = "select value_id from kpi_value where superseded_at is null and period::text = any(%s)"


def not_reproduced(
    connection: Connection, periods: Collection[Period] = tuple(Period)
) -> list[tuple[str, str | None, str, str]]:
    """Return which current figures of such periods in a database differ from what their lineage gives, and in what."""
    with connection.transaction():
        ids = connection.execute(CURRENT, ([period.value for period in periods],)).fetchall()
        found = [
            reload_inputs.with_inputs(connection, one) for (key,) in ids if (one := store.lineage(connection, key))
        ]
    assert found
    return [(one.value.kpi, one.value.site, one.value.period, why) for one in found if (why := _differs(one))]


def _differs(one: store.Lineage) -> str | None:
    if not one.reproduces:
        return "its inputs are others now"
    rule, value = indicator(one.value.kpi), one.value
    outcome = rule.outcome_of(json.dumps(one.inputs))
    published = publication(outcome, is_open=value.through < value.period_end, limits=rule.limits).value
    if (published, outcome.lower, outcome.upper) != (value.value, value.lower, value.upper):
        return f"{(published, outcome.lower, outcome.upper)}, not {(value.value, value.lower, value.upper)}"
    return None
