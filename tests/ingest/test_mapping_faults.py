"""Faults of mapping files are told as those of city files, and nothing in one ends with anything else."""

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import MappingError
from ingest.history.mapping_kinds import load

READINGS = """name: archive
source: the utility
time: {column: t, format: "%d.%m.%Y %H:%M", zone: Europe/Oslo}
device: {column: meter}
values:
  - {column: energy, quantity: heat_energy, unit: kWh}
"""
SESSIONS = """name: sessions
source: the garage
device: {columns: [point]}
session: {id: id, begin: from, end: to, energy: {column: kwh}}
complete: {from: 2026-01-01, to: 2027-01-01}
"""
AXIS = """name: load
source: a model
axis: {start: "2016-08-01T00:00:00-08:00", step: PT1H, stamping: end}
values:
  - {column: load, device: load-2, quantity: electricity_energy, per_fact: floor_area}
"""


def refusal(path: Path, text: str) -> str:
    path.write_text(text)
    with pytest.raises(MappingError) as refused:
        load(path)
    return str(refused.value).removeprefix(str(path))


@pytest.mark.parametrize(
    ("text", "old", "new", "said"),
    [
        (READINGS, "quantity: heat_energy", "quantity: heat_energie", ":6: values[0].quantity (value of energy"),
        (READINGS, "quantity: heat_energy", "quantity: heat_energie", "did you mean heat_energy?"),
        (READINGS, "quantity: heat_energy", "quantety: heat_energy", ":6: values[0].quantety"),
        (READINGS, "quantity: heat_energy", "quantety: heat_energy", "did you mean quantity?"),
        (READINGS, "Europe/Oslo", "Oslo", ":3: time.zone: expected an IANA zone such as Europe/Copenhagen, not 'Oslo'"),
        (READINGS, "%H:%M", "%H:%M %z", ":3: time.format: expected how wall-clock times are written"),
        (READINGS, "name: archive", "name: archive\nseparator: ;;", ":2: separator: expected one ASCII character"),
        (READINGS, "name: archive", "name: archive\ndecimal: x", ":2: decimal: expected . or , not 'x'"),
        (READINGS, "name: archive", "name: [", "expected YAML"),
        (SESSIONS, "from: 2026-01-01", "from: 2026-13-01", ":5: complete.from: expected a day such as"),
        (SESSIONS, "from: 2026-01-01", "since: 2026-01-01", "there is no such key; expected from, to"),
        (AXIS, "floor_area", "floorarea", "did you mean floor_area?"),
        (AXIS, "2016-08-01T00:00:00-08:00", "2016-08-01T00:00:00", ":3: axis.start: expected a time with offset"),
        (AXIS, "stamping: end", "stamping: ended", "expected 'begin' or 'end', not 'ended'; did you mean end?"),
    ],
)
def test_a_fault_is_told_with_line_key_and_what_was_expected(
    tmp_path: Path, text: str, old: str, new: str, said: str
) -> None:
    assert said in refusal(tmp_path / "mapping.yaml", text.replace(old, new, 1))


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.text("%YmdHMSzs:. ", max_size=8)
)
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.sampled_from(["column", "from", "zone"]), SCALARS)


@given(st.sampled_from([READINGS, SESSIONS, AXIS]), st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_value_at_any_key_is_a_mapping_or_a_sentence(tmp_path: Path, text: str, data: st.DataObject) -> None:
    document = yaml.safe_load(text)
    owner = document
    while True:
        key = data.draw(st.sampled_from(sorted(owner) if isinstance(owner, dict) else range(len(owner))))
        if not isinstance(owner[key], dict | list) or data.draw(st.booleans()):
            break
        owner = owner[key]
    owner[key] = data.draw(VALUES)
    loaded_or_refused(tmp_path / "mapping.yaml", yaml.safe_dump(document).encode())


@given(st.binary(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_a_mapping_or_a_sentence(tmp_path: Path, content: bytes) -> None:
    loaded_or_refused(tmp_path / "mapping.yaml", content)


def loaded_or_refused(path: Path, content: bytes) -> None:
    """Load a mapping file; only refusals of ours may come out."""
    path.write_bytes(content)
    try:
        load(path)
    except MappingError as error:
        assert str(error).startswith(str(path))  # noqa: PT017 - either outcome is right
