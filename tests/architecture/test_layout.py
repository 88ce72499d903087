"""The layout teaches: names say what a module owns, nothing generic knows a vertical."""

import ast
import re
from collections import defaultdict
from pathlib import Path

from ingest.model.verticals import VERTICALS

ROOT = Path(__file__).parents[2]
PACKAGES = ["ingest", "processors", "kpi_engine", "simulators", "deploy"]
MODULES = [path.relative_to(ROOT) for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


def test_no_name_hides_what_a_module_owns() -> None:
    hiding = {"util", "utils", "helper", "helpers", "common", "manager", "misc"}
    assert [path for path in MODULES if hiding & set(path.with_suffix("").parts)] == []


def test_no_step_names_a_vertical() -> None:
    names = re.compile("|".join(VERTICALS))
    naming = [
        path
        for path in MODULES
        if path.parts[:2] == ("processors", "steps") and names.search((ROOT / path).read_text())
    ]
    assert naming == []


def test_every_module_says_what_it_owns() -> None:
    assert [path for path in MODULES if not (ROOT / path).read_text(encoding="utf-8").startswith('"""')] == []


def test_sql_files_say_what_they_do() -> None:
    statements = [path for package in PACKAGES for path in (ROOT / package).rglob("*.sql")]
    assert statements
    assert [path for path in statements if not path.read_text(encoding="utf-8").startswith("-- ")] == []


# Resources of the interface have the names of what they show.
SHOWN = {
    *("City", "Device", "DeviceType", "Group", "GroupMember", "Quantity", "Series", "Session", "Site", "Vertical"),
}


def test_a_class_name_stands_for_one_thing_within_ingest_processors_and_kpi_engine() -> None:
    places = defaultdict(list)
    for path in MODULES:
        if path.parts[0] in {"ingest", "processors", "kpi_engine"}:
            tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
            for node in tree.body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    places[node.name].append(path)
    several = {name: found for name, found in places.items() if len(found) > 1}
    assert {name for name in several if name not in SHOWN} == set()
    for name in SHOWN:
        assert [path.parts[:2] == ("kpi_engine", "api") for path in several[name]].count(True) == 1, name
