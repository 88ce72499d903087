"""Fitting a declared baseline to what the database knows of its period."""

from dataclasses import replace

from ingest.model.city.baseline import IpmvpOption
from kpi_engine.baselines import models
from kpi_engine.baselines.declared import DeclaredBaseline
from kpi_engine.baselines.fitted import Fit, fit_baseline
from kpi_engine.baselines.measured_days import read_days
from kpi_engine.baselines.models import StoredModel
from kpi_engine.baselines.sufficiency import Sufficiency
from processors.storage.database import Connection


def fit(connection: Connection, declared: DeclaredBaseline, now: int) -> tuple[StoredModel, bool]:
    """Fit a baseline, keep what comes of it and return it, and whether it is new; committed on return.

    Days or data that disqualify it are kept as the reasons why there is no model: nothing can be told by it then.
    """
    one = declared.declaration
    days, due = read_days(connection, declared, one.baseline_from, one.baseline_to)
    connection.commit()
    if one.option is IpmvpOption.D:
        told = "option D is a calibrated simulation: its baseline comes from the simulation and is not fitted to days"
        found = Fit(Sufficiency(len(days), 0), reasons=(told,))
    else:
        found = fit_baseline(days, declared.method, may_cool=declared.may_cool)
    if due:
        told = f"{due} of the daily figures were about to be computed again: fit it again then"
        found = replace(found, sufficiency=replace(found.sufficiency, flags=(*found.sufficiency.flags, told)))
    return models.keep(connection, declared, found, days, now)
