"""Paths into JSON documents."""

import pytest

from ingest.model.json_path import every, one, parse

DOCUMENT = {
    "a": {"b c": 1, "d.e": 2, "list": [{"name": "x", "v": 3}, {"name": "y", "v": 4}, 5]},
    "rows": [{"v": 1}, {"v": 2}],
    "x-y:0": {"kWh": 6},
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$", DOCUMENT),
        ("a.b c", 1),
        ("$.a['d.e']", 2),
        ("a.list[1].v", 4),
        ("a.list[2]", 5),
        ("a.list[?@.name == 'y'].v", 4),
        ("a.list[?@.name=='y'].v", 4),
        ("x-y:0.kWh", 6),
        ("a.list[?@.name == 'z'].v", None),
        ("a.list[7]", None),
        ("a.b.c", None),
        ("rows.v", None),
        ("a[0]", None),
    ],
)
def test_a_path_leads_to_what_stands_there_or_to_nothing(path: str, found: object) -> None:
    assert one(DOCUMENT, parse(path)) == found


@pytest.mark.parametrize(
    ("path", "found"),
    [("rows[*].v", [1, 2]), ("rows[*]", [{"v": 1}, {"v": 2}]), ("a[*]", []), ("a.list[*].v", [3, 4])],
)
def test_every_member_is_found_in_order(path: str, found: list[object]) -> None:
    assert list(every(DOCUMENT, parse(path))) == found


@pytest.mark.parametrize("path", [".a", "a..b", "a[", "a[-1]", "a[x]", "a[?@.b > 1]", "a['']", "a b]", "a.*", "@.a"])
def test_what_is_no_path_is_refused_with_an_example(path: str) -> None:
    with pytest.raises(ValueError, match=r"expected a path such as data\.energy"):
        parse(path)
