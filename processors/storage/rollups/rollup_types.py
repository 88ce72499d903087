"""As what the database keeps each field of a rollup."""

from collections.abc import Mapping
from typing import Final

from processors.steps.columns import ROLLUP_FIELDS, FieldKind
from processors.storage.binary_copy import ColumnType

_STORED_AS: Final = {
    FieldKind.COUNT: ColumnType.INTEGER,
    FieldKind.INSTANT: ColumnType.TIMESTAMP,
    FieldKind.NUMBER: ColumnType.DOUBLE,
    FieldKind.SINGLE: ColumnType.REAL,
}
ROLLUP_TYPES: Final[Mapping[str, ColumnType]] = {name: _STORED_AS[kind] for name, kind in ROLLUP_FIELDS.items()}
