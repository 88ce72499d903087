"""Where panels read: the views of schema ``grafana`` over SQL, and Prometheus.

Queries are the statements of sources.sql: their words @like_this@ are filled in when dashboards are generated,
$variables and $__macros by Grafana when they run.
"""

import re
from typing import Final, Literal

from grafana_foundation_sdk.builders.prometheus import Dataquery as PrometheusQuery
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.common import DataSourceRef

from processors.storage.statements import statements

SQL: Final = statements(__name__)

POSTGRESQL: Final = "grafana-postgresql-datasource"
PROMETHEUS: Final = "prometheus"
CHOSEN: Final = {
    POSTGRESQL: "datasource",
    PROMETHEUS: "prometheus_datasource",
}  # names of variables, told apart by links

Format = Literal["table", "time_series"]
_BLANK: Final = re.compile(r"@(\w+)@")


def source(kind: str) -> DataSourceRef:
    """Return the data source of ``kind`` that the viewer chose."""
    return DataSourceRef(type_val=kind, uid=f"${{{CHOSEN[kind]}}}")


class SqlQuery(Dataquery):
    """A query of Grafana's PostgreSQL data source, which the SDK has no type for."""

    def __init__(self, text: str, shape: Format, ref: str) -> None:
        self.text, self.shape, self.ref = text, shape, ref

    def to_json(self) -> dict[str, object]:
        """Return it as Grafana stores it."""
        return {
            "datasource": source(POSTGRESQL),
            "editorMode": "code",
            "format": self.shape,
            "rawQuery": True,
            "rawSql": self.text,
            "refId": self.ref,
        }


class _Built(Builder[Dataquery]):
    def __init__(self, query: Dataquery) -> None:
        self._query = query

    def build(self) -> Dataquery:
        return self._query


def rows(name: str, **blanks: str) -> Builder[Dataquery]:
    """Return the query ``name`` as a table."""
    return _Built(SqlQuery(query(name, **blanks), "table", "A"))


def curves(name: str, **blanks: str) -> Builder[Dataquery]:
    """Return the query ``name`` as series over its column ``time``, one for each ``metric``."""
    return _Built(SqlQuery(query(name, **blanks), "time_series", "A"))


def query(name: str, **blanks: str) -> str:
    """Return the text of the query ``name`` with its blanks filled in, which stand within quotes.

    KeyError for one that is not given.
    """
    return _BLANK.sub(lambda match: blanks[match[1]].replace("'", "''"), SQL[name].strip())


def metric(expression: str, legend: str, ref: str) -> Builder[Dataquery]:
    """Return a Prometheus query over the panel's time range."""
    return PrometheusQuery().expr(expression).legend_format(legend).range().ref_id(ref).datasource(source(PROMETHEUS))
