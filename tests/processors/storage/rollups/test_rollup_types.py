"""The fields of a rollup are declared once: the row as an object and every statement go by that declaration."""

import re
from dataclasses import fields
from typing import Final

import pytest

from kpi_engine.windows import rollups as figures
from processors.steps.columns import ROLLUP_FIELDS
from processors.steps.rollup import Rollup
from processors.storage.rollups import rollups
from processors.storage.rollups.rollup_types import ROLLUP_TYPES

NAMES: Final = list(ROLLUP_FIELDS)
CASTS: Final = {"integer": ">i4", "timestamptz": ">M8[us]", "double precision": ">f8", "real": ">f4"}


def test_the_object_has_the_fields_of_the_columns_in_their_order() -> None:
    assert [field.name for field in fields(Rollup)] == NAMES


def test_the_staging_table_keeps_each_field_as_what_it_is_sent() -> None:
    columns = re.findall(
        r"^    (\w+) +(integer|timestamptz|double precision|real)", rollups.SQL["rollup_staging_table"], re.MULTILINE
    )
    assert [(name, CASTS[kind]) for name, kind in columns] == [("series_id", ">i4"), *ROLLUP_TYPES.items()]


@pytest.mark.parametrize(
    "copied",
    [rollups.SQL["rollup_copy_hour"], rollups.SQL["rollup_copy_day"], rollups.SQL["rollup_copy_month"]],
    ids=["hour", "day", "month"],
)
def test_what_is_copied_is_every_field_in_its_order(copied: str) -> None:
    listed = copied.partition("(")[2].partition(")")[0]
    assert re.findall(r"\w+", listed) == ["series_id", *NAMES]


def test_what_is_replaced_is_every_field_but_the_begin_of_the_bucket() -> None:
    assert re.findall(r"(\w+) = s\.\1,", rollups.SQL["rollup_replace"]) == [name for name in NAMES if name != "bucket"]


def test_what_is_read_for_windows_is_every_field_in_its_order() -> None:
    assert re.findall(r"\br\.(\w+)(?=[,)])", rollups.SQL["window_rollups"].partition("\nfrom ")[0]) == NAMES


def test_what_is_read_for_figures_are_fields_in_their_order() -> None:
    read = re.findall(r"\br\.(\w+)(?=[,)])", figures.SQL["rollups_at"].partition("\nfrom ")[0])
    assert read == ["series_id", *figures.READ]
