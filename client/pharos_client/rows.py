"""Lists of models, and the same as frames of polars or pandas, whichever is installed."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from pharos_client.reading import hints_of

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

Row = TypeVar("Row")


class Rows(list[Row]):
    """Models of one kind, in the order of the answer. Frames have the same columns and types when there is no row."""

    def __init__(self, model: type[Row], rows: list[Row]) -> None:
        super().__init__(rows)
        self._model = model

    def polars(self) -> "pl.DataFrame":
        """Return a polars frame, one column a field; needs the extra ``polars``."""
        import polars as pl  # noqa: PLC0415 - not everybody has it

        kinds: dict[Any, Any] = {
            str: pl.String,
            int: pl.Int64,
            float: pl.Float64,
            bool: pl.Boolean,
            datetime: pl.Datetime("us", "UTC"),
        }
        columns = self._columns()
        return pl.DataFrame(
            [pl.Series(name, of, kinds.get(hints_of(self._model)[name]), strict=False) for name, of in columns.items()]
        )

    def pandas(self) -> "pd.DataFrame":
        """Return a pandas frame, one column a field; needs the extra ``pandas``."""
        import pandas as pd  # noqa: PLC0415 - not everybody has it

        kinds = {str: "object", int: "Int64", float: "float64", bool: "boolean", datetime: "datetime64[us, UTC]"}
        frame = pd.DataFrame(self._columns())
        return frame.astype({name: kinds.get(of, "object") for name, of in hints_of(self._model).items()})

    def _columns(self) -> dict[str, list[Any]]:
        rows = [asdict(one) for one in self]  # type: ignore[call-overload]  # every model is a dataclass
        return {name: [row[name] for row in rows] for name in hints_of(self._model)}
