"""Files that are no tables: what their readers make of them, and what they refuse, however it is made."""

from pathlib import Path

import pytest

from ingest.errors import HistoryError
from ingest.history import files
from ingest.history.layout import FileLayout
from ingest.history.reader import Row, UnreadableError
from ingest.history.readers import READERS
from ingest.history.readers.green_button import rows as green_button
from ingest.history.readers.line_protocol import rows as line_protocol
from ingest.history.readers.thingsboard import rows as thingsboard

COLUMNS = ("measurement", "field", "value", "time", "tag:device")
TYPE = (
    "<ReadingType><flowDirection>{}</flowDirection><powerOfTenMultiplier>{}</powerOfTenMultiplier><uom>72</uom>"
    "</ReadingType>"
)
BLOCK = (
    '<entry><link rel="up" href="UsagePoint/{0}/MeterReading/{0}/IntervalBlock"/><IntervalBlock><interval><duration>1'
    "</duration><start>1</start></interval>{1}</IntervalBlock></entry>"
)
READING = (
    "<IntervalReading><timePeriod><duration>900</duration><start>{}</start></timePeriod><value>{}</value>"
    "</IntervalReading>"
)


def of_lines(folder: Path, text: str) -> list[Row]:
    (folder / "x.lp").write_text(text, encoding="utf-8")
    return list(line_protocol(folder / "x.lp", COLUMNS))


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("m,device=a v=1 5", {"measurement": "m", "tag:device": "a", "field": "v", "value": "1", "time": "5"}),
        ("m v=-2.5e3 5", {"measurement": "m", "field": "v", "value": "-2.5e3", "time": "5"}),
        ("m v=7i 5", {"measurement": "m", "field": "v", "value": "7", "time": "5"}),
        ("m v=7u", {"measurement": "m", "field": "v", "value": "7"}),
        ("m on=true 5", {"measurement": "m", "field": "on", "value": "1", "time": "5"}),
        (r"a\ b,device=c\,\=d v\ w=1 5", {"measurement": "a b", "tag:device": "c,=d", "field": "v w", "value": "1"}),
        ("m,other=x,device=a v=1 5", {"tag:device": "a"}),
        ("m v=much 5", {"field": "v", "value": "much"}),
    ],
)
def test_a_line_is_a_row_for_each_field(tmp_path: Path, line: str, cells: dict[str, str]) -> None:
    (row,) = of_lines(tmp_path, f"# a comment\n\n{line}\n")
    assert {name: row.get(name) for name in cells} == cells


def test_texts_of_line_protocol_are_no_readings_whatever_stands_in_them(tmp_path: Path) -> None:
    found = of_lines(tmp_path, 'm s="a, b=2 c \\" d",v=1,w=2 5\n')
    assert [(row["field"], row["value"]) for row in found] == [("v", "1"), ("w", "2")]


@pytest.mark.parametrize(
    "line", ["m", "m v", ",device=a v=1", "m v=1 soon", 'm v="open 5', "m a=1,b 5", "m a=1,,b=2 5"]
)
def test_a_line_that_is_none_is_told_with_its_number(tmp_path: Path, line: str) -> None:
    with pytest.raises(UnreadableError, match=r"row 2: expected (measurement,tags fields time|fields such as)"):
        of_lines(tmp_path, f"m v=1\n{line}\n")


def of_feed(folder: Path, text: str) -> list[Row]:
    (folder / "x.xml").write_text(text, encoding="utf-8")
    return list(green_button(folder / "x.xml", ()))


def entry(link: str, content: str, related: str = "") -> str:
    more = f'<link rel="related" href="{related}"/>' if related else ""
    return f'<entry><link rel="self" href="{link}"/>{more}{content}</entry>'


def test_readings_are_of_the_type_of_their_meter_reading_wherever_that_stands(tmp_path: Path) -> None:
    feed = BLOCK.format("1", READING.format(100, 25)) + BLOCK.format("2", READING.format(200, 7))
    feed += entry("UsagePoint/1/MeterReading/1", "<MeterReading/>", "ReadingType/1")
    feed += entry("UsagePoint/2/MeterReading/2", "<MeterReading/>", "ReadingType/2")
    feed += entry("ReadingType/1", TYPE.format(1, 3)) + entry("ReadingType/2", TYPE.format(19, -1))
    found = of_feed(tmp_path, f"<feed>{feed}</feed>")
    told = [(row["usage_point"], row["start"], row["end"], float(row["value"]), row["direction"]) for row in found]
    assert told == [("1", "100", "1000", 25000.0, "delivered"), ("2", "200", "1100", 0.7, "received")]
    assert {row["unit"] for row in found} == {"Wh"}


BOMB = '<!DOCTYPE x [<!ENTITY a "{}">{}]>'.format(
    "z" * 1000, "".join(f'<!ENTITY e{n} "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">' for n in range(9))
)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"{BOMB}<feed>&e8;</feed>", "without a document type declaration"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><feed/>', "without a document type declaration"),
        ("<a>" * 100, "at most 32 elements in each other"),
        (f"<feed><id>{'z' * 100_000}</id></feed>", "at most 10000 characters"),
        ("<feed><entry>", "no element found"),
        ("no XML at all", "expected XML"),
        ("<feed/>", "expected a Green Button feed"),
        (
            f"<feed>{BLOCK.format('1', '<IntervalReading/>')}</feed>",
            "row 1: expected a timePeriod of start and duration",
        ),
        (f"<feed>{BLOCK.format('1', READING.format('now', 1))}</feed>", "row 1: expected a timePeriod"),
    ],
)
def test_xml_that_is_no_feed_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(UnreadableError, match=sentence):
        of_feed(tmp_path, text)


@pytest.mark.long
def test_a_long_feed_is_read_as_it_comes(tmp_path: Path) -> None:
    readings = "".join(READING.format(900 * number, number) for number in range(3000))
    (tmp_path / "x.xml").write_text(
        f"<feed>{entry('ReadingType/1', TYPE.format(1, 0))}{BLOCK.format('1', readings)}</feed>"
    )
    layout = FileLayout(reader="green_button", columns=("start", "value"))
    (frame,) = files.rows(tmp_path / "x.xml", layout)
    assert (frame.height, frame.columns, frame["value"][2999]) == (3000, ["start", "value"], "2999")


@pytest.mark.parametrize("text", ["[]", '{"a": 1}', '{"a": [{"ts": "soon"}]}', "{", "\xff"])
def test_telemetry_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text, encoding="latin-1")
    with pytest.raises(UnreadableError, match="expected an object of arrays"):
        list(thingsboard(tmp_path / "x.json", ()))


@pytest.fixture(params=list(READERS))
def reader(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def test_what_a_reader_refuses_is_told_of_the_file(reader: str, tmp_path: Path) -> None:
    path = tmp_path / f"x{READERS[reader].endings[0]}"
    path.write_bytes(b"\x80\x81{<")
    layout = FileLayout(reader=reader)
    for read in (lambda: list(files.rows(path, layout)), lambda: files.count(path, layout)):
        with pytest.raises(HistoryError, match=rf"{path.name}: "):
            read()


def test_a_file_that_is_called_otherwise_is_not_what_a_reader_reads(reader: str, tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"")
    with pytest.raises(HistoryError, match="a file that ends in"):
        files.count(tmp_path / "x.pdf", FileLayout(reader=reader))
