"""Fitting a declared baseline to what the database knows of its period."""

from typing import NamedTuple

from ingest.model.city.baseline import IpmvpOption
from kpi_engine.baselines import models
from kpi_engine.baselines.declared import DeclaredBaseline
from kpi_engine.baselines.fitted import Fit, fit_baseline
from kpi_engine.baselines.measured_days import read_days
from kpi_engine.baselines.stored_model import StoredModel
from kpi_engine.baselines.sufficiency import Sufficiency
from processors.storage.database import Connection


class Fitting(NamedTuple):
    """The model that holds, whether it is new, and how many daily figures are about to be computed again."""

    model: StoredModel
    is_new: bool
    due: int


def fit(connection: Connection, declared: DeclaredBaseline, now: int) -> Fitting:
    """Fit a baseline, keep what comes of it and return it; committed on return.

    Days or data that disqualify it are kept as the reasons why there is no model: nothing can be told by it then.
    """
    one = declared.declaration
    days, due = read_days(connection, declared, one.baseline_from, one.baseline_to)
    connection.commit()
    if one.option is IpmvpOption.D:
        why = "option D is a calibrated simulation: its baseline comes from the simulation and is not fitted to days"
        found = Fit(Sufficiency(len(days), 0), reasons=(why,))
    else:
        found = fit_baseline(days, declared.method, may_cool=declared.may_cool)
    return Fitting(*models.keep(connection, declared, found, days, now), due)
