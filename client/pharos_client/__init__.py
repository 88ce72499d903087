"""Figures and series of Pharos in Python: typed, and as frames of polars or pandas."""

from pharos_client.client import Pharos
from pharos_client.errors import Fault, PharosError
from pharos_client.models import (
    Bucket,
    City,
    Device,
    Difference,
    Kpi,
    KpiValue,
    LatestValue,
    Observation,
    Recomputation,
    Series,
    Site,
)
from pharos_client.rows import Rows

__all__ = [
    "Bucket",
    "City",
    "Device",
    "Difference",
    "Fault",
    "Kpi",
    "KpiValue",
    "LatestValue",
    "Observation",
    "Pharos",
    "PharosError",
    "Recomputation",
    "Rows",
    "Series",
    "Site",
]
