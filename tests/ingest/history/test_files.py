"""History files: what is not what its name says is refused with a sentence, whatever it holds."""

import gzip
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import HistoryError
from ingest.history import files
from ingest.history.format import LONGEST_RECORD


def parquet() -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame({"time": ["2026-03-01T00:00:00Z"] * 3, "heat": [1.0, None, 3.0]}).write_parquet(buffer)
    return buffer.getvalue()


def refusal(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(HistoryError) as refused:
        list(files.rows(path))
    return str(refused.value).removeprefix(f"{path}: ")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", gzip.compress(b"a,b\n1,2\n", mtime=0), "expected CSV in UTF-8, as its name says, not gzip"),
        ("a.csv", parquet(), "as its name says, not Parquet"),
        ("a.csv", "a,b\n1,2\n".encode("utf-16"), "not UTF-16"),
        ("a.jsonl", b"PK\x03\x04", "expected JSON lines in UTF-8, as its name says, not ZIP"),
        ("a.parquet", b"a,b\n1,2\n", "expected a Parquet file, as its name says"),
        ("a.parquet", b"PAR1 and so on PAR1", "cannot be read: parquet"),
        ("a.xlsx", b"", "expected .csv, .parquet or .jsonl, not .xlsx"),
        ("a.csv", b"", "row 1: expected the names of columns, but the file is empty"),
        ("a.csv", b"a,b\n1,2\n1,2,3\n", "row 3 has 3 cells; expected 2"),
        ("a.csv", b"a,b\n1,2\n1,\xff\n", "line 3: expected UTF-8, but its byte 3 is 0xff"),
        ("a.csv", b'a,b\n1,2\n1,"2\n', "row 3: a quotation mark is not closed"),
        ("a.jsonl", b"", "row 1: expected a JSON object"),
        ("a.jsonl", b'{"a": 1}\n[1]\n', "row 2: expected a JSON object"),
        ("a.jsonl", b'{"a": 1}\n{"a": \n', "row 2: expected one JSON object in UTF-8"),
        ("a.jsonl", b'{"a": [1]}\n{"a": {"b": 1}}\n', "row 1: 'a': expected a value of one kind in every row"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused_with_its_row(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    assert said in refusal(tmp_path / name, content)


def test_a_row_without_end_is_refused_before_it_is_read(tmp_path: Path) -> None:
    endless = b"x" * (3 * LONGEST_RECORD)
    assert "row 2 is longer than 1,000,000 bytes; nothing was read" in refusal(tmp_path / "a.csv", b"a,b\n1," + endless)
    assert "row 1 is longer" in refusal(tmp_path / "a.jsonl", b'{"a": "' + endless)
    lines = b"3,4\n" * LONGEST_RECORD
    assert "row 3 is longer than 1,000,000 bytes (is a quotation mark not closed?)" in refusal(
        tmp_path / "b.csv", b'a,b\n1,"2\n3"\n5,"6\n' + lines
    )


@pytest.mark.long
def test_long_files_of_short_rows_are_read_whatever_is_quoted(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" + b'"1\n2",3\n4,5\n' * 200_000)
    assert sum(frame.height for frame in files.rows(path)) == 400_000
    assert files.count(path) == 400_000


PIECES = st.sampled_from(
    [b"a", b"1", b",", b"\n", b"\r\n", b'"', b'""', b"\xff", b"\x00", b"{", b"}", b"[", b"]", b":", b'{"a":1}', b"null"]
)


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet"])
@given(content=st.binary(max_size=60) | st.lists(PIECES, max_size=30).map(b"".join))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_rows_or_a_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(b"PAR1" + content + b"PAR1" if name == "a.parquet" else content)
    read_or_refused(path)


@given(st.lists(st.tuples(st.integers(0, len(parquet()) - 1), st.integers(0, 255)), min_size=1, max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_parquet_file_is_rows_or_a_sentence(tmp_path: Path, damage: list[tuple[int, int]]) -> None:
    content = bytearray(parquet())
    for place, byte in damage:
        content[place] = byte
    path = tmp_path / "a.parquet"
    path.write_bytes(content)
    read_or_refused(path)


def read_or_refused(path: Path) -> None:
    """Read a file both ways; only refusals of ours may come out."""
    for read in (lambda: list(files.rows(path)), lambda: files.count(path)):
        try:
            read()
        except HistoryError as error:
            assert str(error).startswith(f"{path}: ")  # noqa: PT017 - either outcome is right
